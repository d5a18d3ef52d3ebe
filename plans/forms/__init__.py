"""Forms of plans: they check what is typed; what may be done is checked by the actions."""

from .plan import AmendForm, PlanForm, TargetForm, TaskForm, TextFileForm, YamlFileForm
from .work import ActualForm, AnswerForm, CallForm, ExtensionForm, HandInForm

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
