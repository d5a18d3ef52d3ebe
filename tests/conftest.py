"""The cast: one province with neighbours, and people to act in it.

department ─ office ─ school, sibling
          │ └ specialist, office head
          ├ neighbour office ─ stranger school
          └ high school (directly under the department)
"""

import os
from contextlib import nullcontext

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from edudx.lib import frozen
from schools.permissions import Role
from tests import clock, make
from tests.postman import free_port, open_mailbox

# Other processes, whose clock nobody sets.
collect_ignore = ["services", "browser"] if os.environ.get("DAY") else []


def pytest_configure():
    clock.set_for_the_suite()


def pytest_collection_modifyitems(items):
    """What asks no database is answered alike on both: the run on PostgreSQL leaves it out."""
    for item in items:
        asks = "db" in item.fixturenames or item.get_closest_marker("django_db")
        if not asks and "services" not in item.path.parts:
            item.add_marker(pytest.mark.alike)


def pytest_terminal_summary(terminalreporter):
    if day := os.environ.get("DAY"):
        terminalreporter.write_line(f"The day of this run: make test DAY={day}")


@pytest.fixture(autouse=True)
def _own_clock(request):
    """`@pytest.mark.at("2027-05-12T07:30")`: the cast, too, is made at that moment."""
    mark = request.node.get_closest_marker("at")
    with clock.at(mark.args[0]) if mark else nullcontext():
        yield


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


LIFTED = {"postgresql": "SET edudx.deed = 'erasure'", "sqlite": frozen.OPEN["sqlite"]}


@pytest.fixture(autouse=True)
def _emptied_afterwards(request):
    """A test with transactions of its own is followed by a flush, in which kept rows go, too.

    The deed ends with the flush: its connection is closed, and the triggers are put in place anew.
    """
    mark = request.node.get_closest_marker("django_db")
    is_flushed = bool(mark and mark.kwargs.get("transaction"))
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        is_flushed = True
    yield
    if is_flushed:
        with connection.cursor() as cursor:
            cursor.execute(LIFTED[connection.vendor])


class Cast:
    """Units and people of the house; everybody's name says who they are."""

    def __init__(self) -> None:
        self.department = make.department()
        self.office = make.office(self.department, code="0101")
        self.neighbour = make.office(self.department, code="0102")
        self.school = make.school(self.office, code="0101-001")
        self.sibling = make.school(self.office, code="0101-002")
        self.preschool = make.school(self.office, code="0101-003", school_type="MN")
        self.stranger_school = make.school(self.neighbour, code="0102-001")
        self.high_school = make.school(self.department, code="01-900", school_type="THPT")
        self.focal = make.person(self.school, Role.FOCAL_POINT)
        self.head = make.person(self.school, Role.HEAD)
        self.sibling_focal = make.person(self.sibling, Role.FOCAL_POINT)
        self.specialist = make.person(self.office, Role.SPECIALIST)
        self.office_head = make.person(self.office, Role.OFFICE_HEAD, post="Trưởng phòng")
        self.officer = make.person(self.department, Role.DEPARTMENT_OFFICER)
        self.department_head = make.person(self.department, Role.DEPARTMENT_HEAD, post="Giám đốc")
        self.auditor = make.person(self.department, Role.AUDITOR)
        self.administrator = make.person(self.department, Role.ADMINISTRATOR)
        self.stranger = make.person(self.stranger_school, Role.FOCAL_POINT)
        self.stranger_specialist = make.person(self.neighbour, Role.SPECIALIST)
        self.stranger_head = make.person(self.neighbour, Role.OFFICE_HEAD)


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def campaign(cast):
    """An open demo campaign over the whole province on a small set."""
    return make.open_campaign(cast)


@pytest.fixture
def file_(cast, campaign):
    """The school's own empty file in that campaign."""
    return campaign.assessments.get(unit=cast.school)


@pytest.fixture
def sign_in(client):
    """`sign_in(person)` gives a client in which that person is signed in."""

    def _sign_in(person):
        from django.test import Client

        fresh = Client()
        fresh.force_login(person, backend="schools.backends.EmailBackend")
        return fresh

    return _sign_in


@pytest.fixture
def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("Kế hoạch số.pdf", make.pdf_bytes(), "application/pdf")


@pytest.fixture
def smtp(settings):
    """Settings that point to a port where nobody listens yet."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    return settings


@pytest.fixture
def mailbox(smtp):
    with open_mailbox(smtp.EMAIL_PORT) as box:
        yield box
