"""What people read on the pages of schools."""

from django.urls import reverse

from tests.assessments.browse import text


def log_of(sign_in, person) -> str:
    """The list of events in the administration, as this person sees it."""
    return text(sign_in(person).get(reverse("admin:schools_event_changelist")))
