"""Forms of reporting: they check what is typed; what may be done is checked by the actions."""

from .data_forms import FormFileForm
from .letters import LetterForm
from .reports import PartForm, SigningForm, SubmitForm
from .requests import ChooseForm, LockForm, RequestForm
from .rounds import RoundForm
from .sheets import AllowForm, HandInForm, ReasonForm, SectionForm

__all__ = [
    "AllowForm",
    "ChooseForm",
    "FormFileForm",
    "HandInForm",
    "LetterForm",
    "LockForm",
    "PartForm",
    "ReasonForm",
    "RequestForm",
    "RoundForm",
    "SectionForm",
    "SigningForm",
    "SubmitForm",
]
