"""The one clock of the verbs: it says now, and the demo alone tells it another moment."""

import re
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from edudx.lib import clock
from schools.actions import documents
from schools.models import Event

ROOT = Path(__file__).resolve().parent.parent
APPS = ("edudx", "schools", "plans", "assessments", "reporting")


def test_verbs_ask_the_one_clock():
    found = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    assert len(found) > 200
    for path in found:
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        if path.parent.name == "actions":
            assert not re.search(r"timezone\.(now|localdate)\(\)", text), name
        if not name.startswith("edudx/demo/"):
            assert "clock.at(" not in text, name


def test_what_is_done_at_a_moment_is_written_at_it(cast):
    moment = timezone.now() - timedelta(days=400)
    with clock.at(moment):
        version = documents.add(
            unit=cast.school, title="Kế hoạch", kind="plan", link="https://a.vn/1", by=cast.focal
        )
    events = Event.objects.about(version.document)
    assert {one.at for one in events} == {moment}
    assert (version.uploaded_at, version.document.created_at) == (moment, moment)


def test_afterwards_it_is_now_again(cast):
    before = timezone.now()
    with clock.at(before - timedelta(days=400)):
        assert clock.today() == timezone.localdate(before - timedelta(days=400))
    assert before <= clock.now() <= timezone.now()
