"""The Celery application and its timetable. Jobs live in each app's tasks.py."""

import os

from celery import Celery

import edudx.job_log  # noqa: F401 its signals: one line a job

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edudx.settings")

app = Celery("edudx")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep exports": {"task": "reporting.tasks.sweep", "schedule": 10.0},
    "tell": {"task": "schools.tasks.tell", "schedule": 15.0},
    "give sheets and reports": {"task": "reporting.tasks.give_missing", "schedule": 15.0},
    "remind": {"task": "plans.tasks.remind", "schedule": 60.0},
}
