"""Tasks that run over several years, year by year."""

from django.db import models
from django.db.models import Q

from edudx.lib.locking import LockingQuerySet
from plans.workflow import ROAD_MAP_TRANSITIONS, RoadMapState

from .tasks import Task


class RoadMapYear(models.Model):
    """The state of a task of a road map in one of its years."""

    State = RoadMapState
    transitions = ROAD_MAP_TRANSITIONS

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="road_map")
    year = models.PositiveSmallIntegerField("năm")
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.PLANNED)
    note = models.CharField("căn cứ, ghi chú", max_length=300, blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = "năm của lộ trình"
        verbose_name_plural = "các năm của lộ trình"
        ordering = ["task", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "year"],
                name="road_map_year_once",
                violation_error_message="Năm này của lộ trình đã có.",
            ),
            models.CheckConstraint(
                name="road_map_year_says_on_what_it_rests",
                condition=~Q(state__in=("done", "postponed")) | ~Q(note=""),
                violation_error_message="«Hoàn thành» và «Lùi sang năm sau» phải ghi căn cứ, "
                "ví dụ số báo cáo hoặc lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} · {self.year}"
