"""The nouns of schools: units, people, documents, events."""

from .documents import Document, DocumentVersion
from .events import Event
from .imports import ImportBatch
from .people import Membership, User
from .units import OrgUnit

__all__ = ["Document", "DocumentVersion", "Event", "ImportBatch", "Membership", "OrgUnit", "User"]
