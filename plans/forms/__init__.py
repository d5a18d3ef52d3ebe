"""Forms of plans: they check what is typed; what may be done is checked by the actions."""

from plans.forms.hand_ins import ActualForm, AnswerForm, CallForm, ExtensionForm, HandInForm
from plans.forms.plans import AmendForm, PlanForm, TargetForm, TaskForm, TextFileForm, YamlFileForm

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
