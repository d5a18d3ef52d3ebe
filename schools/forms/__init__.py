"""Forms of schools: they check what is typed; what may be done is checked by the actions."""

from .account import ChoosePasswordForm, LinkRequestForm, LoginForm, MessagesForm
from .documents import CheckedFile, DocumentForm, VersionForm, check_workbook
from .focal_points import FocalPointForm
from .imports import ClosingForm, ImportForm
from .people import InviteForm

__all__ = [
    "CheckedFile",
    "ChoosePasswordForm",
    "ClosingForm",
    "DocumentForm",
    "FocalPointForm",
    "ImportForm",
    "InviteForm",
    "LinkRequestForm",
    "LoginForm",
    "MessagesForm",
    "VersionForm",
    "check_workbook",
]
