"""A button pressed twice, a page sent again, three people at once: one thing, one answer."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from edudx.lib import constraints
from plans.actions import plans_from_above
from plans.models import Plan
from schools import tasks
from schools.models import Document, Event, Posting, User
from schools.once import SAID
from tests import figure_world, plan_world
from tests.assessments.browse import text

TOKEN = {"csrfmiddlewaretoken": "a" * 64}
OTHER_PAGE = {"csrfmiddlewaretoken": "b" * 64}
LINK = {"title": "Kế hoạch", "kind": "plan", "source": "link", "link": "https://truong.example/a"}


def add(client, page: dict, **values):
    return client.post(reverse("schools:document_add"), LINK | page | values)


def test_the_second_post_is_led_where_the_first_was(cast, sign_in):
    client = sign_in(cast.focal)
    first, second = add(client, TOKEN), add(client, TOKEN)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Document.objects.count() == 1
    assert SAID in text(client.get(second.url))


def test_another_page_or_other_words_are_another_thing(cast, sign_in):
    client = sign_in(cast.focal)
    add(client, TOKEN)
    add(client, OTHER_PAGE)
    add(client, TOKEN, title="Quy chế", link="https://truong.example/b")
    assert Document.objects.count() == 3


def test_what_was_refused_may_be_sent_again(cast, sign_in):
    client = sign_in(cast.focal)
    assert add(client, TOKEN, title="").status_code == 200
    assert not Posting.objects.exists()
    add(client, TOKEN)
    assert Document.objects.count() == 1


def test_nobody_gets_the_answer_of_another(cast, sign_in):
    add(sign_in(cast.focal), TOKEN)
    add(sign_in(cast.sibling_focal), TOKEN)
    assert Document.objects.count() == 2


def test_no_step_of_a_form_leaves_a_posting_of_its_own_behind(cast, sign_in):
    """The step and its key are one transaction: a step that failed may be tried again."""
    plan = plan_world.plan(cast.office, cast.specialist)  # nothing in it: cannot be issued
    client, address = sign_in(cast.office_head), f"{plan.get_absolute_url()}ban-hanh/"
    client.post(address, TOKEN)
    assert Plan.objects.get(pk=plan.pk).is_draft
    assert not Posting.objects.exists()


def test_one_plan_out_of_the_one_above(cast):
    plan = plan_world.issued(cast.department, cast.department_head, audience={"kinds": ["office"]})
    own = plans_from_above.derive(plan, unit=cast.office, by=cast.specialist, buffer_days=3)
    twin = Plan(
        issuer=cast.office,
        superior=plan,
        title="Hai",
        period=plan.period,
        created_by=cast.specialist,
    )
    with pytest.raises(IntegrityError) as met, transaction.atomic():
        twin.save()
    assert constraints.told(met.value) == "Đơn vị đã có kế hoạch lập từ kế hoạch này."
    with pytest.raises(ValidationError):
        twin.full_clean(exclude=["created_by", "symbol", "number"])
    assert Plan.objects.filter(superior=plan).get() == own


def test_after_a_week_it_is_forgotten(cast, sign_in):
    client = sign_in(cast.focal)
    add(client, TOKEN)
    assert tasks.forget_forms() == 0
    Posting.objects.update(at=timezone.now() - timedelta(days=8))
    assert tasks.forget_forms() == 1


# What the base refuses is told in words


def test_every_constraint_has_words():
    silent = [
        one.name
        for app in ("schools", "plans", "assessments", "reporting")
        for model in apps.get_app_config(app).get_models()
        for one in model._meta.constraints
        if not constraints._words(one)
    ]
    assert silent == []


def test_unique_fields_checks_and_triggers_speak(cast):
    def told(change) -> str:
        with pytest.raises(IntegrityError) as met, transaction.atomic():
            change()
        return constraints.told(met.value)

    request = figure_world.ask(cast)
    event = Event.objects.first()
    assert told(lambda: Event.objects.filter(pk=event.pk).update(label="Khác")) == (
        "Sự kiện đã ghi không thể sửa"
    )
    row = request.school_task.assignments.first()
    row.pk = None
    assert told(row.save) == "Đơn vị đã được giao nhiệm vụ này."
    early = request.school_task.assignments.first()
    early.due_at = early.given_at
    assert told(early.save) == "Gia hạn không được sớm hơn hạn ban đầu."
    twin = User(email=cast.focal.email, full_name="Lê An")
    assert "đã tồn tại" in told(twin.save)


def test_what_has_no_words_is_logged_with_its_trace_and_a_number(cast, caplog):
    with pytest.raises(IntegrityError) as met, transaction.atomic():
        Event.objects.create(step="x", label=None, subject=cast.school, by=cast.focal)
    said = constraints.told(met.value)
    assert "mã số" in said
    assert "NOT NULL" not in said
    assert caplog.records[-1].exc_info
