"""Forms of assessments: they check input; what may be done is checked by actions."""

from assessments.forms.campaigns import CampaignForm, DecisionForm

from .answers import AnswerForm, EvidencePickForm, QuickEvidenceForm
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
