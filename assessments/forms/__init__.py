"""Forms of assessments: they check input; what may be done is checked by actions."""

from assessments.forms.answers import AnswerForm
from assessments.forms.campaigns import CampaignForm
from assessments.forms.certificates import DecisionForm
from assessments.forms.evidence import EvidencePickForm, QuickEvidenceForm

from .reviews import CommentForm, ReasonForm, ReviewForm
from .sets import SetFileForm, SetPublishForm

__all__ = [
    "AnswerForm",
    "CampaignForm",
    "CommentForm",
    "DecisionForm",
    "EvidencePickForm",
    "QuickEvidenceForm",
    "ReasonForm",
    "ReviewForm",
    "SetFileForm",
    "SetPublishForm",
]
