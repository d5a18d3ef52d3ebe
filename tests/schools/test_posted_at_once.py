"""One form, four posts in the same instant, on a database that really lets them: PostgreSQL."""

from django.test import Client
from django.urls import reverse

from plans.actions import plans_from_above
from plans.models import Plan
from schools.models import Document, DocumentVersion, Event, Posting
from tests import plan_world
from tests.conftest import Cast
from tests.races import RACES, together

pytestmark = RACES


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person, backend="schools.backends.EmailBackend")
    return client


def test_four_posts_of_one_form_make_one_document_and_get_one_answer():
    cast = Cast()
    clients = [signed_in(cast.focal) for _ in range(4)]
    typed = {
        "title": "Kế hoạch", "kind": "plan", "source": "link",
        "link": "https://truong.example/a", "csrfmiddlewaretoken": "a" * 64,
    }  # fmt: skip
    address = reverse("schools:document_add")
    answers = together(*(lambda one=one: one.post(address, typed) for one in clients))
    assert [one.status_code for one in answers] == [302] * 4
    assert len({one.url for one in answers}) == 1
    assert Document.objects.count() == DocumentVersion.objects.count() == 1
    assert Posting.objects.get().location == answers[0].url
    assert Event.objects.about(Document.objects.get()).count() == 1


def test_three_people_make_one_plan_out_of_the_one_above():
    cast = Cast()
    above = plan_world.issued(cast.department, cast.department_head, audience={"kinds": ["office"]})
    people = (cast.specialist, cast.office_head, cast.specialist)
    made = together(
        *(
            lambda by=by: plans_from_above.derive(above, unit=cast.office, by=by, buffer_days=3)
            for by in people
        )
    )
    assert sum(isinstance(one, Plan) for one in made) == 1
    assert Plan.objects.filter(superior=above).count() == 1
    for refusal in (one for one in made if not isinstance(one, Plan)):
        assert "đã có kế hoạch" in str(refusal) or "plan_once_from_the_one_above" in str(refusal)
