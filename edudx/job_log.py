"""One line a job: its name and id, how it ended, how long it took. The caller travels with it."""

import logging
import time

from celery import signals
from django.conf import settings
from django.utils.log import configure_logging

from edudx.lib.caller import Caller, current

log = logging.getLogger("edudx.job")


@signals.setup_logging.connect
def log_as_the_web_does(**_) -> None:
    """Celery then leaves logging alone; LOG_LEVEL counts, not its own --loglevel."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


@signals.before_task_publish.connect
def send_the_request_along(headers: dict, **_) -> None:
    if current.get().request_id != "-":
        headers["request_id"] = current.get().request_id


@signals.task_prerun.connect
def begin(task, task_id: str, **_) -> None:
    """The timetable's jobs have no request: they go by their own id."""
    task.request.caller = current.set(Caller(task.request.get("request_id") or task_id))
    task.request.began = time.perf_counter()


@signals.task_postrun.connect
def end(task, task_id: str, state: str | None = None, **_) -> None:
    spent = 1000 * (time.perf_counter() - task.request.began)
    log.info("%s %s %s %.0f ms", task.name, task_id, state, spent)
    current.reset(task.request.caller)
