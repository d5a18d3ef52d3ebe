"""The nouns of schools: units, people, documents, events."""

from .documents import Document, DocumentVersion
from .events import Event
from .focal_points import FocalPoint
from .imports import ImportBatch
from .job_faults import JobFault
from .messages import Delivery, Message
from .people import Membership, User
from .postings import Posting
from .units import OrgUnit

__all__ = [
    "Delivery",
    "Document",
    "DocumentVersion",
    "Event",
    "FocalPoint",
    "ImportBatch",
    "JobFault",
    "Membership",
    "Message",
    "OrgUnit",
    "Posting",
    "User",
]
