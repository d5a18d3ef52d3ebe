"""What pages of the apps below show of files, figures and reports; see edudx/lib/slots.py."""

from reporting.page_parts import assessments, plans


def fill() -> None:
    plans.fill()
    assessments.fill()
