"""The nouns of assessments: sets, campaigns, files, certificates."""

from .answers import Answer, Comment, Evidence, Review
from .campaigns import Campaign, CertifyingRule
from .certificates import Certificate, CertificateLine, Decision
from .files import Assessment, load_answers, written_by
from .sets import Criterion, Group, IndicatorSet

__all__ = [
    "Answer",
    "Assessment",
    "Campaign",
    "Certificate",
    "CertificateLine",
    "CertifyingRule",
    "Comment",
    "Criterion",
    "Decision",
    "Evidence",
    "Group",
    "IndicatorSet",
    "Review",
    "load_answers",
    "written_by",
]
