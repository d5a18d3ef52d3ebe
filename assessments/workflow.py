"""The arrows of a self-assessment, from the school's draft to the certificate."""

from django.db.models import TextChoices

from edudx.lib.workflow import Transition
from schools.permissions import Permission as P


class AssessmentState(TextChoices):
    """The label is what the school reads; `office_label` what its office reads."""

    DRAFT = "draft", "Đang tự đánh giá"
    PREPARED = "prepared", "Chờ lãnh đạo trường duyệt"
    SUBMITTED = "submitted", "Đã trình"
    RETURNED = "returned", "Cần bổ sung"
    REVIEWED = "reviewed", "Đã thẩm định"
    CERTIFIED = "certified", "Đã công nhận"


S = AssessmentState
OFFICE_LABELS = {
    S.DRAFT: "Trường đang làm",
    S.PREPARED: "Chờ lãnh đạo trường duyệt",
    S.SUBMITTED: "Chờ thẩm định",
    S.RETURNED: "Đã trả, chờ trường bổ sung",
    S.REVIEWED: "Chờ công nhận",
    S.CERTIFIED: "Đã công nhận",
}
EDITABLE = (S.DRAFT, S.RETURNED)

TRANSITIONS = (
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
    *(one.name for one in TRANSITIONS if one.is_own),
    "edit", "take_over", "minutes", "remove_evidence",
)  # fmt: skip

TURN = {
    S.DRAFT: "Đầu mối của trường",
    S.PREPARED: "Lãnh đạo trường",
    S.SUBMITTED: "Chuyên viên thẩm định",
    S.RETURNED: "Đầu mối của trường",
    S.REVIEWED: "Lãnh đạo ra quyết định công nhận",
    S.CERTIFIED: "Đã xong",
}
