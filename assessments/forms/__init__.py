"""Forms of assessments: they check input; what may be done is checked by actions."""

from .answers import AnswerForm, EvidencePickForm, QuickEvidenceForm
from .reviews import CommentForm, ReasonForm, ReviewForm
from .rounds import CampaignForm, DecisionForm
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
