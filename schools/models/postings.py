"""A form that was posted: the same post again is answered with what became of the first one."""

from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone


class PostedBefore(Exception):
    """This form was posted before; whatever this post has begun is rolled back."""


@dataclass
class Form:
    """The form that the request of this thread posts."""

    user_id: int
    key: str
    is_held: bool = False


current: ContextVar[Form | None] = ContextVar("form", default=None)


class Posting(models.Model):
    """One form, by the key of its page and what was typed into it; `location` is where the answer
    led. Written in the transaction of the step it took: both are there, or neither.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người gửi", on_delete=models.PROTECT,
        related_name="postings",
    )  # fmt: skip
    key = models.CharField("khóa", max_length=64)
    location = models.CharField("dẫn tới", max_length=500, blank=True)
    at = models.DateTimeField("lúc", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "lần gửi biểu mẫu"
        verbose_name_plural = "các lần gửi biểu mẫu"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="form_posted_once",
                violation_error_message="Biểu mẫu này đã được gửi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.at:%d/%m/%Y %H:%M}"


def hold() -> None:
    """Inside the transaction of whatever creates: of two posts of one form one gets through."""
    form = current.get()
    if form is None or form.is_held:
        return
    try:
        with transaction.atomic():
            Posting.objects.create(user_id=form.user_id, key=form.key)
    except IntegrityError as twin:
        raise PostedBefore from twin
    form.is_held = True
