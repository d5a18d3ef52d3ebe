"""What happened: one append-only row per step, on any noun. Also the outbox of mails."""

from collections.abc import Iterable
from typing import Protocol

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from edudx.lib import clock
from edudx.lib.fields import SearchTextField
from edudx.lib.locking import LockingQuerySet
from schools.permissions import Permission

from .people import User
from .postings import hold
from .units import OrgUnit


class Subject(Protocol):
    """A noun that events are about: each such model says whose it is and who reads of it."""

    pk: int

    @property
    def event_needs(self) -> Permission:
        """Of the class: whoever may not read the thing reads nothing of it."""

    @property
    def event_path(self) -> str | None:
        """Its place in the tree (that of its day, where the row keeps one); None: nobody's."""


def is_subject(model: type) -> bool:
    return hasattr(model, "event_needs") and hasattr(model, "event_path")


def kinds_read_with(rights: frozenset[Permission]) -> list[int]:
    """Content types of the nouns these rights open; whatever says nothing is not among them."""
    subjects = [one for one in apps.get_models() if is_subject(one)]
    read = [one for one in subjects if getattr(one, "event_needs", None) in rights]
    kinds = ContentType.objects.get_for_models(*read)  # kept in memory by Django
    return [kind.pk for kind in kinds.values()]


class EventQuerySet(LockingQuerySet["Event"]):
    def about(self, subject: models.Model) -> "EventQuerySet":
        return self.filter(
            subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk
        ).select_related("by")

    def of_many(self, subjects: list[models.Model]) -> "EventQuerySet":
        """Events of several rows of one model; none for no rows."""
        if not subjects:
            return self.none()
        kind = ContentType.objects.get_for_model(subjects[0])
        return self.filter(subject_type=kind, subject_id__in=[one.pk for one in subjects])

    def visible_to(self, user: User) -> "EventQuerySet":
        """Of each part of the user's tree the kinds of things the user may read there."""
        seen = Q(pk__in=[])
        for path, rights in user.grants:
            seen |= Q(unit_path__startswith=path, subject_type__in=kinds_read_with(rights))
        return self.filter(seen)

    def readable_by(self, user: User) -> "EventQuerySet":
        """The history of a thing whose page the user has opened, if its kind is theirs to read."""
        rights = frozenset().union(*(rights for _, rights in user.grants))
        return self.filter(subject_type__in=kinds_read_with(rights))

    def readable_beside(self, user: User) -> "EventQuerySet":
        """And of it only what concerns units above and below, not a neighbour."""
        above = Q(unit_path="")
        for hat in user.hats:
            above |= Q(unit_path__in=hat.unit.paths_above)
        return self.readable_by(user).filter(user.scope("unit_path") | above)


class Event(models.Model):
    """Who took which step, when, from which state to which, why. Never changed, never deleted."""

    subject_type = models.ForeignKey(
        ContentType, verbose_name="loại đối tượng", on_delete=models.PROTECT, related_name="+"
    )
    subject_id = models.BigIntegerField("số của đối tượng")
    subject = GenericForeignKey("subject_type", "subject_id")
    unit_path = models.CharField("đơn vị liên quan", max_length=250, blank=True, db_index=True)
    step = models.CharField("bước", max_length=40)
    label = models.CharField("việc", max_length=200)
    from_state = models.CharField("từ", max_length=40, blank=True)
    to_state = models.CharField("đến", max_length=40, blank=True)
    reason = models.TextField("lý do", blank=True)
    search_text = SearchTextField(of=("label", "reason"), max_length=600)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người làm",
        on_delete=models.PROTECT,
        null=True,
        related_name="events",
    )
    as_who = models.CharField("với tư cách", max_length=200, blank=True)
    at = models.DateTimeField("lúc", default=timezone.now, db_index=True)
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "nhật ký sự kiện"
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="event_subject"),
            models.Index(fields=["step"], name="event_to_announce", condition=Q(announced_at=None)),
        ]

    def __str__(self) -> str:
        return self.label

    def state_label(self, code: str) -> str:
        """What the subject's kind calls this state; a path or a free word stays as it is."""
        kind = ContentType.objects.get_for_id(self.subject_type_id)  # kept in memory by Django
        model = kind.model_class()  # None: of a kind that an older release knew
        fields = model._meta.fields if model else ()
        labels = [dict(one.flatchoices) for one in fields if one.name == "state"]
        return str(labels[0].get(code, code)) if labels else code

    @property
    def states(self) -> str:
        """«Đang soạn → Đã trình» in the words of the subject's kind; empty where it has none."""
        before, after = self.state_label(self.from_state), self.state_label(self.to_state)
        known = after != self.to_state and before != after
        return f"{before or '…'} → {after}" if known else ""

    @property
    def sentence(self) -> str:
        """For the person who did it: «Đã trình …», where the history says «Trình …»."""
        return f"Đã {self.label[:1].lower()}{self.label[1:]}."


def path_of(subject: Subject) -> str:
    """The place in the tree of what happened; empty for what belongs to nobody (a national set)."""
    noun = type(subject).__name__
    if not is_subject(type(subject)):
        raise TypeError(f"{noun} không khai event_path và event_needs.")
    path = subject.event_path
    if path == "":
        raise ValueError(f"{noun} {subject.pk} chưa có chỗ trong cây đơn vị.")
    return path or ""


def unsaved(
    subject: Subject,
    step: str,
    label: str,
    *,
    by: User | None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    unit: OrgUnit | None = None,
) -> Event:
    """One step as a row for `record_many`, with the words of `record`."""
    place = path_of(subject)
    hats = by.hats if by else []
    return Event(
        subject=subject,
        unit_path=unit.path if unit else place,
        step=step,
        label=label[:200],
        from_state=from_state,
        to_state=to_state,
        reason=reason.strip(),
        by=by,
        as_who=str(hats[0])[:200] if hats else "",
        at=clock.now(),
    )


def record(
    subject: Subject,
    step: str,
    label: str,
    *,
    by: User | None,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    unit: OrgUnit | None = None,
) -> Event:
    """Write down one step; called by actions, inside their transaction. The first one of a request
    holds its form.

    `unit` is the unit a step concerns when that is not the subject's own (a person has none).
    """
    hold()
    event = unsaved(
        subject, step, label, by=by, from_state=from_state, to_state=to_state, reason=reason,
        unit=unit,
    )  # fmt: skip
    event.save(force_insert=True)
    return event


def record_many(events: Iterable[Event]) -> list[Event]:
    """Write down many steps at once, each `unsaved`: a row of its own for every one."""
    hold()
    return Event.objects.bulk_create(events, batch_size=1000)
