"""The arrows of assessments: a set, a campaign, a file from the draft to the certificate."""

from django.db.models import TextChoices

from edudx.lib.workflow import Transition
from schools.permissions import Permission as P


class SetState(TextChoices):
    DRAFT = "draft", "Dự thảo"
    PUBLISHED = "published", "Đã công bố"
    RETIRED = "retired", "Hết hiệu lực"


class CampaignState(TextChoices):
    DRAFT = "draft", "Đang soạn"
    OPEN = "open", "Đang mở"
    CLOSED = "closed", "Đã đóng"


class AssessmentState(TextChoices):
    """The label is what the school reads; `office_label` what its office reads."""

    DRAFT = "draft", "Đang tự đánh giá"
    PREPARED = "prepared", "Chờ lãnh đạo trường duyệt"
    SUBMITTED = "submitted", "Đã trình"
    RETURNED = "returned", "Cần bổ sung"
    REVIEWED = "reviewed", "Đã thẩm định"
    CERTIFIED = "certified", "Đã công nhận"


S = AssessmentState
OFFICE_LABELS: dict[str, str] = {
    S.DRAFT: "Trường đang làm",
    S.PREPARED: "Chờ lãnh đạo trường duyệt",
    S.SUBMITTED: "Chờ thẩm định",
    S.RETURNED: "Đã trả, chờ trường bổ sung",
    S.REVIEWED: "Chờ công nhận",
    S.CERTIFIED: "Đã công nhận",
}
EDITABLE = (S.DRAFT, S.RETURNED)

SET_TRANSITIONS = (
    Transition(
        "publish", "Công bố", (SetState.DRAFT,), SetState.PUBLISHED, P.SET_MANAGE, is_own=True
    ),
    Transition(
        "retire", "Cho hết hiệu lực", (SetState.PUBLISHED,), SetState.RETIRED, P.SET_MANAGE,
        reason_required=True, is_own=True,
    ),
)  # fmt: skip
C = CampaignState
CAMPAIGN_TRANSITIONS = (
    Transition("open", "Mở đợt", (C.DRAFT,), C.OPEN, P.CAMPAIGN_MANAGE, is_own=True),
    Transition("close", "Đóng đợt", (C.OPEN,), C.CLOSED, P.CAMPAIGN_MANAGE, True, is_own=True),
    Transition("reopen", "Mở lại đợt", (C.CLOSED,), C.OPEN, P.CAMPAIGN_MANAGE, True, is_own=True),
)
ASSESSMENT_TRANSITIONS = (
    Transition(
        "prepare", "Chuyển lãnh đạo duyệt", (S.DRAFT, S.RETURNED), S.PREPARED, P.ASSESSMENT_EDIT,
        is_own=True,
    ),
    Transition(
        "send_back", "Trả đầu mối sửa", (S.PREPARED,), S.DRAFT, P.ASSESSMENT_SUBMIT,
        reason_required=True, is_own=True,
    ),
    Transition(
        "submit", "Duyệt và trình", (S.PREPARED,), S.SUBMITTED, P.ASSESSMENT_SUBMIT, is_own=True
    ),
    Transition(
        "return", "Trả lại để bổ sung", (S.SUBMITTED,), S.RETURNED, P.ASSESSMENT_REVIEW,
        reason_required=True,
    ),
    Transition(
        "finish_review", "Kết thúc thẩm định", (S.SUBMITTED,), S.REVIEWED, P.ASSESSMENT_REVIEW
    ),
    Transition(
        "review_again", "Thẩm định lại", (S.REVIEWED,), S.SUBMITTED, P.ASSESSMENT_REVIEW,
        reason_required=True,
    ),
    Transition("certify", "Công nhận", (S.REVIEWED,), S.CERTIFIED, P.ASSESSMENT_CERTIFY),
    Transition(
        "reopen", "Mở lại hồ sơ", (S.CERTIFIED,), S.SUBMITTED, P.ASSESSMENT_CERTIFY,
        reason_required=True,
    ),
)  # fmt: skip

OWN_STEPS = (
    *(one.name for one in ASSESSMENT_TRANSITIONS if one.is_own),
    "edit", "take_over", "minutes", "remove_evidence",
)  # fmt: skip

TURN: dict[str, str] = {
    S.DRAFT: "Đầu mối của trường",
    S.PREPARED: "Lãnh đạo trường",
    S.SUBMITTED: "Chuyên viên thẩm định",
    S.RETURNED: "Đầu mối của trường",
    S.REVIEWED: "Lãnh đạo ra quyết định công nhận",
    S.CERTIFIED: "Đã xong",
}
