"""Forms of plans: they check what is typed; what may be done is checked by the actions."""

from plans.forms.calls import CallForm
from plans.forms.extensions import AnswerForm, ExtensionForm
from plans.forms.hand_ins import HandInForm
from plans.forms.legal_texts import TextFileForm
from plans.forms.plans import AmendForm, PlanForm, YamlFileForm
from plans.forms.targets import ActualForm, TargetForm
from plans.forms.tasks import TaskForm

__all__ = [
    "ActualForm",
    "AmendForm",
    "AnswerForm",
    "CallForm",
    "ExtensionForm",
    "HandInForm",
    "PlanForm",
    "TargetForm",
    "TaskForm",
    "TextFileForm",
    "YamlFileForm",
]
