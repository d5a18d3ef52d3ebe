"""The Celery application and its timetable. Jobs live in each app's tasks.py."""

import os

from celery import Celery, Task

import edudx.job_log  # noqa: F401 its signals: one line a job
from edudx.lib import stored_files

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edudx.settings")


class Job(Task):
    """Files that a job wrote go again when the rows that name them were rolled back."""

    abstract = True

    def __call__(self, *args, **kwargs):
        with stored_files.watched():
            return super().__call__(*args, **kwargs)


app = Celery("edudx", task_cls=Job)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep exports": {"task": "reporting.tasks.sweep", "schedule": 10.0},
    "tell": {"task": "schools.tasks.tell", "schedule": 15.0},
    "give sheets and reports": {"task": "reporting.tasks.give_missing", "schedule": 15.0},
    "forget forms": {"task": "schools.tasks.forget_forms", "schedule": 3600.0},
    "sweep files": {"task": "schools.tasks.sweep_files", "schedule": 3600.0},
    "remind": {"task": "plans.tasks.remind", "schedule": 60.0},
}
