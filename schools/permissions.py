"""The whole access matrix, asked as `user.can(P, unit)` and `user.can_in(P, unit)`.

A role holds in its unit and in everything below it. Steps that belong to one unit alone (review,
certify, report) are asked with `can_in`: only people of that very unit may take them.
Nobody reviews or certifies what they, or their own unit, wrote: `assessments/actions.py` asks
`Assessment.was_written_by`.
"""

from django.db.models import TextChoices


class Role(TextChoices):
    FOCAL_POINT = "focal_point", "Đầu mối CNTT"
    HEAD = "head", "Lãnh đạo trường"
    SPECIALIST = "specialist", "Chuyên viên phòng"
    OFFICE_HEAD = "office_head", "Lãnh đạo phòng"
    DEPARTMENT_OFFICER = "department_officer", "Chuyên viên Sở"
    DEPARTMENT_HEAD = "department_head", "Lãnh đạo Sở"
    AUDITOR = "auditor", "Thanh tra, kiểm toán (chỉ đọc)"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"


class Permission(TextChoices):
    UNIT_VIEW = "unit_view", "xem đơn vị"
    UNIT_MANAGE = "unit_manage", "quản lý danh mục đơn vị"
    PEOPLE_VIEW = "people_view", "xem danh sách người dùng"
    PEOPLE_MANAGE = "people_manage", "mời và phân công người dùng"
    DOCUMENT_VIEW = "document_view", "xem tài liệu"
    DOCUMENT_RESTRICTED = "document_restricted", "xem tài liệu hạn chế"
    DOCUMENT_ADD = "document_add", "thêm tài liệu"
    CAMPAIGN_VIEW = "campaign_view", "xem đợt đánh giá"
    CAMPAIGN_MANAGE = "campaign_manage", "tạo và mở đợt đánh giá"
    ASSESSMENT_VIEW = "assessment_view", "xem hồ sơ đánh giá"
    ASSESSMENT_EDIT = "assessment_edit", "nhập kết quả tự đánh giá"
    ASSESSMENT_SUBMIT = "assessment_submit", "duyệt và trình hồ sơ"
    ASSESSMENT_REVIEW = "assessment_review", "thẩm định hồ sơ"
    ASSESSMENT_CERTIFY = "assessment_certify", "công nhận mức độ"
    OFFICE_REPORT = "office_report", "báo cáo kết quả lên Sở"
    PUBLISH = "publish", "công bố kết quả"
    SET_VIEW = "set_view", "xem bộ chỉ số"
    SET_MANAGE = "set_manage", "nhập và công bố bộ chỉ số"
    PLAN_VIEW = "plan_view", "xem kế hoạch, nhiệm vụ"
    PLAN_MANAGE = "plan_manage", "soạn kế hoạch, giao nhiệm vụ"
    PLAN_ISSUE = "plan_issue", "ban hành, sửa đổi, kết thúc kế hoạch"
    WORK_HAND_IN = "work_hand_in", "nộp sản phẩm của đơn vị"
    WORK_REVIEW = "work_review", "xem và nhận sản phẩm"
    REMIND = "remind", "đôn đốc các đơn vị"
    LEGAL_MANAGE = "legal_manage", "quản lý danh mục văn bản"
    DATA_VIEW = "data_view", "xem số liệu"
    DATA_REQUEST = "data_request", "yêu cầu số liệu"
    DATA_CLOSE = "data_close", "chốt số liệu"
    DATA_APPROVE = "data_approve", "duyệt số liệu đã chốt"
    DATA_FORM_MANAGE = "data_form_manage", "nhập và ban hành biểu mẫu số liệu"
    FRAME_MANAGE = "frame_manage", "thay mẫu Word của văn bản"
    OPERATIONS = "operations", "xem tình trạng gửi nhắc việc"
    EXPORT = "export", "lập báo cáo tổng hợp"
    ADMINISTER = "administer", "vào trang quản trị"

    @property
    def refusal(self) -> str:
        """What whoever lacks it reads."""
        return f"Bạn không có quyền {self.label}."


P = Permission
READ = frozenset(
    {
        P.UNIT_VIEW,
        P.PEOPLE_VIEW,
        P.DOCUMENT_VIEW,
        P.CAMPAIGN_VIEW,
        P.ASSESSMENT_VIEW,
        P.SET_VIEW,
        P.PLAN_VIEW,
        P.DATA_VIEW,
    }
)
SCHOOL = READ | {
    P.DOCUMENT_RESTRICTED,
    P.DOCUMENT_ADD,
    P.ASSESSMENT_EDIT,
    P.PLAN_MANAGE,
    P.WORK_HAND_IN,
}
OFFICE = READ | {
    P.DOCUMENT_RESTRICTED,
    P.DOCUMENT_ADD,
    P.ASSESSMENT_REVIEW,
    P.PLAN_MANAGE,
    P.WORK_HAND_IN,
    P.WORK_REVIEW,
    P.REMIND,
    P.EXPORT,
    P.DATA_REQUEST,
    P.DATA_CLOSE,
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.FOCAL_POINT: SCHOOL,
    Role.HEAD: SCHOOL | {P.ASSESSMENT_SUBMIT, P.PEOPLE_MANAGE, P.PLAN_ISSUE},
    Role.SPECIALIST: OFFICE | {P.CAMPAIGN_MANAGE},
    Role.OFFICE_HEAD: OFFICE
    | {
        P.CAMPAIGN_MANAGE,
        P.ASSESSMENT_CERTIFY,
        P.OFFICE_REPORT,
        P.PUBLISH,
        P.PEOPLE_MANAGE,
        P.SET_MANAGE,
        P.PLAN_ISSUE,
        P.DATA_APPROVE,
    },
    Role.DEPARTMENT_OFFICER: OFFICE
    | {
        P.DATA_FORM_MANAGE,
        P.FRAME_MANAGE,
        P.CAMPAIGN_MANAGE,
        P.PUBLISH,
        P.SET_MANAGE,
        P.PEOPLE_MANAGE,
        P.UNIT_MANAGE,
        P.ADMINISTER,
        P.PLAN_ISSUE,
        P.LEGAL_MANAGE,
    },
    Role.DEPARTMENT_HEAD: OFFICE
    | {P.CAMPAIGN_MANAGE, P.ASSESSMENT_CERTIFY, P.PUBLISH, P.PLAN_ISSUE, P.DATA_APPROVE},
    Role.AUDITOR: READ | {P.EXPORT},
    Role.ADMINISTRATOR: frozenset(
        {
            P.UNIT_VIEW,
            P.UNIT_MANAGE,
            P.PEOPLE_VIEW,
            P.PEOPLE_MANAGE,
            P.CAMPAIGN_VIEW,
            P.SET_VIEW,
            P.SET_MANAGE,
            P.LEGAL_MANAGE,
            P.FRAME_MANAGE,
            P.OPERATIONS,
            P.ADMINISTER,
        }
    ),
}

# What each kind of unit may have: no school role in an office, no office role in a school.
KIND_ROLES: dict[str, frozenset[Role]] = {
    "school": frozenset({Role.FOCAL_POINT, Role.HEAD, Role.AUDITOR}),
    "office": frozenset({Role.SPECIALIST, Role.OFFICE_HEAD, Role.AUDITOR}),
    "department": frozenset(
        {Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_HEAD, Role.AUDITOR, Role.ADMINISTRATOR}
    ),
}

# Who may give which role: nobody hands out more than their own tier.
GRANTABLE: dict[str, frozenset[Role]] = {
    Role.HEAD: KIND_ROLES["school"] - {Role.AUDITOR},
    Role.OFFICE_HEAD: KIND_ROLES["school"] | KIND_ROLES["office"],
    Role.DEPARTMENT_OFFICER: KIND_ROLES["school"] | KIND_ROLES["office"],
    Role.ADMINISTRATOR: frozenset(Role),
}


def roles_with(permission: Permission) -> list[str]:
    return [role for role, held in ROLE_PERMISSIONS.items() if permission in held]
