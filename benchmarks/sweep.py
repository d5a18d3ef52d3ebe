"""The reminder sweep over many open assignments, against a floor of its bare query.

Prints one JSON line. First sweep: the ledger is empty and gets its rows. Later sweep: nothing is
due, which is what happens every other minute of the day.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import count

import django

django.setup()

from django.db import connection
from django.utils import timezone

from plans import reminders
from plans.models import Assignment, Reminder, Task
from schools.models import JobFault, OrgUnit, User

FIRST_DAY = datetime(1, 1, 2, tzinfo=UTC)
TASKS = 20  # of every school, due from two weeks ago to two weeks ahead


def main(assignments: int, one_bad_in: int = 0) -> dict:
    schools = assignments // TASKS
    for command in (
        ["migrate", "--verbosity", "0"],
        ["seed_demo", "--schools", str(schools), "--offices", str(max(4, schools // 50))],
    ):
        subprocess.run([sys.executable, "manage.py", *command], check=True, stdout=sys.stderr)
    department = OrgUnit.objects.get(kind="department")
    give(department, timezone.now().replace(microsecond=0), one_bad_in)
    now = timezone.now()
    rows = reminders.waiting().count()
    floor = min(timed(bare_query) for _ in range(3))
    counted = Counter()
    with connection.execute_wrapper(counted):  # keeps no SQL: memory is measured too
        first = timed(lambda: reminders.claim(now))
    again = min(timed(lambda: reminders.claim(now)) for _ in range(3))
    return {
        "rows": rows, "claimed": Reminder.objects.count(), "floor": floor, "first": first,
        "queries": counted.queries, "again": again, "explained": JobFault.objects.count(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


class Counter:
    """Counts what goes to the database."""

    queries = 0

    def __call__(self, execute, sql, params, many, context):
        self.queries += 1
        return execute(sql, params, many, context)


def give(department: OrgUnit, now, one_bad_in: int) -> None:
    """The tasks, each to every school, as issuing leaves them; one row in so many is due on a day
    before which there is no fortnight.
    """
    bad = set(range(0, 10**6, one_bad_in)) if one_bad_in else set()
    number = count()
    given_at = now - timedelta(days=60)
    author = User.objects.filter(memberships__unit=department).first()
    schools = list(OrgUnit.objects.filter(kind="school").values_list("pk", "path"))
    for place in range(TASKS):
        due_at = now + timedelta(days=place * 28 // TASKS - 14)
        task = Task.objects.create(
            issuer=department, kind="product", title=f"Nhiệm vụ {place}", period="2026-2027",
            phrase="x", opens_at=given_at, due_at=due_at, created_by=author, state="issued",
            audience={"kinds": ["school"]}, product="report",
        )  # fmt: skip
        Assignment.objects.bulk_create(
            (
                Assignment(
                    task=task, unit_id=pk, unit_path=path, due_at=due, original_due_at=due,
                    given_at=given_at,
                )
                for pk, path in schools
                for due in [FIRST_DAY if next(number) in bad else due_at]
            ),
            batch_size=2000,
        )  # fmt: skip


def bare_query() -> int:
    """The rows that the sweep reads, fetched and dropped."""
    return sum(1 for chunk in reminders._rows(timezone.now()) for _ in chunk)


def timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
