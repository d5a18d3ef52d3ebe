"""The nouns of assessments: sets, campaigns, files, certificates."""

from .campaigns import Campaign, CertifyingRule
from .certificates import Certificate, CertificateLine, Decision
from .files import Answer, Assessment, Comment, Evidence, Review, load_answers
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
]
