"""What happened: one append-only row per step, on any noun. Also the outbox of mails."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone


class EventQuerySet(models.QuerySet):
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

    def to_announce(self) -> "EventQuerySet":
        """Events whose telling (an invitation) is still due."""
        due = models.Q(try_again_at=None) | models.Q(try_again_at__lte=timezone.now())
        return self.filter(due, step="invite", announced_at=None)


class Event(models.Model):
    """Who took which step, when, from which state to which, why. Never changed, never deleted."""

    subject_type = models.ForeignKey(
        ContentType, verbose_name="loại đối tượng", on_delete=models.PROTECT, related_name="+"
    )
    subject_id = models.BigIntegerField("số của đối tượng")
    subject = GenericForeignKey("subject_type", "subject_id")
    step = models.CharField("bước", max_length=40)
    label = models.CharField("việc", max_length=200)
    from_state = models.CharField("từ", max_length=40, blank=True)
    to_state = models.CharField("đến", max_length=40, blank=True)
    reason = models.TextField("lý do", blank=True)
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
            models.Index(
                fields=["step"], name="event_to_announce", condition=models.Q(announced_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def state_label(self, code: str) -> str:
        """What the subject's kind calls this state; a path or a free word stays as it is."""
        fields = self.subject_type.model_class()._meta.fields
        labels = [dict(one.flatchoices) for one in fields if one.name == "state"]
        return str(labels[0].get(code, code)) if labels else code

    @property
    def sentence(self) -> str:
        """For the person who did it: «Đã trình …», where the history says «Trình …»."""
        return f"Đã {self.label[:1].lower()}{self.label[1:]}."


def record(
    subject: models.Model,
    step: str,
    label: str,
    *,
    by,
    from_state: str = "",
    to_state: str = "",
    reason: str = "",
) -> Event:
    """Write down one step; called by actions, inside their transaction."""
    hats = by.hats if by else []
    return Event.objects.create(
        subject=subject,
        step=step,
        label=label[:200],
        from_state=from_state,
        to_state=to_state,
        reason=reason.strip(),
        by=by,
        as_who=str(hats[0])[:200] if hats else "",
    )
