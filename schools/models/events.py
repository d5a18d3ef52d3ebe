"""What happened: one append-only row per step, on any noun. Also the outbox of mails."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from edudx.lib.fields import SearchTextField
from edudx.lib.locking import LockingQuerySet
from schools.permissions import EVENT_NEEDS

from .units import OrgUnit

TOLD_BY_MAIL = ("invite", "password_link")


class EventQuerySet(LockingQuerySet):
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

    def visible_to(self, user) -> "EventQuerySet":
        """About units of the user's part of the tree, of kinds of things the user may read."""
        hidden = [kind for kind, needed in EVENT_NEEDS.items() if not user.can(needed)]
        kinds = ContentType.objects.filter(model__in=hidden)
        return self.filter(user.scope("unit_path")).exclude(subject_type__in=kinds)

    def readable_beside(self, user) -> "EventQuerySet":
        """Of a thing the user reads: what concerns units above and below, not a neighbour."""
        above = Q(unit_path="")
        for hat in user.hats:
            above |= Q(unit_path__in=hat.unit.paths_above)
        return self.filter(user.scope("unit_path") | above)

    def to_announce(self) -> "EventQuerySet":
        """Events whose telling (an invitation, a link for a new password) is still due."""
        due = Q(try_again_at=None) | Q(try_again_at__lte=timezone.now())
        return self.filter(due, step__in=TOLD_BY_MAIL, announced_at=None)


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
    try_again_at = models.DateTimeField(null=True, blank=True, editable=False)

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
        fields = kind.model_class()._meta.fields
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


def path_of(subject: models.Model) -> str:
    """The place in the tree of what happened; empty for what belongs to nobody (a national set)."""
    if isinstance(subject, OrgUnit):
        return subject.path
    if kept := getattr(subject, "unit_path", ""):
        return kept
    for name in ("unit", "issuer", "owner", "scope"):
        if isinstance(unit := getattr(subject, name, None), OrgUnit):
            return unit.path
    return ""


def record(
    subject: models.Model,
    step: str,
    label: str,
    *,
    by,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
    unit: OrgUnit | None = None,
) -> Event:
    """Write down one step; called by actions, inside their transaction.

    `unit` is the unit it concerns where the subject itself does not say.
    """
    hats = by.hats if by else []
    return Event.objects.create(
        subject=subject,
        unit_path=unit.path if unit else path_of(subject),
        step=step,
        label=label[:200],
        from_state=from_state,
        to_state=to_state,
        reason=reason.strip(),
        by=by,
        as_who=str(hats[0])[:200] if hats else "",
    )
