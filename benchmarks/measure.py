"""One size: seed, export against its floor, pages against an empty view. Prints one JSON line."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from assessments.models import Assessment, Campaign
from benchmarks import floor
from reporting.files import catalogue
from reporting.files.orders import Order
from reporting.models.export_filters import ConsolidatedFilters
from schools.models import OrgUnit, User

REQUESTS = 15


def main(schools: int) -> dict:
    began = time.perf_counter()
    manage("migrate", "--verbosity", "0")
    manage("seed_demo", "--schools", str(schools), "--offices", str(max(4, schools // 50)))
    found = {"seed": time.perf_counter() - began}
    campaign = Campaign.objects.prefetch_related("sets").order_by("pk").first()
    with tempfile.TemporaryDirectory() as folder:
        found |= files(campaign, Path(folder))
    found["pages"] = pages()
    return found


def manage(*arguments: str) -> None:
    """In a process of its own: its memory is not ours."""
    subprocess.run([sys.executable, "manage.py", *arguments], check=True, stdout=subprocess.DEVNULL)


def files(campaign: Campaign, folder: Path) -> dict:
    """Seconds of export and floor, peak memory of the export, and that both say the same."""
    unit = OrgUnit.objects.get(kind="department")
    ours, plain = folder / "ours.xlsx", folder / "floor.xlsx"
    began = time.perf_counter()
    asked = ConsolidatedFilters(campaign.code)
    catalogue.write(Order(asked, title=campaign.title, unit=unit, format="xlsx", target=ours))
    export = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    floor.write(campaign, unit, plain)
    seconds = time.perf_counter() - began
    rows, columns = compare(ours, plain)
    return {
        "export": export, "floor": seconds, "peak_mb": peak, "rows": rows, "columns": columns,
    }  # fmt: skip


def compare(ours: Path, plain: Path) -> tuple[int, int]:
    """The floor must write the same cells of «Chi tiết», or the ratio would mean nothing."""
    rows = columns = 0
    books = [load_workbook(path, read_only=True) for path in (ours, plain)]
    sheets = [book["Chi tiết"].iter_rows(values_only=True) for book in books]
    for mine, theirs in zip(*sheets, strict=True):
        assert mine == theirs, (rows, mine[:14], theirs[:14])
        rows, columns = rows + 1, max(columns, len(mine))
    return rows, columns


def pages() -> dict[str, tuple[float, int]]:
    """(median ms, queries) per page, as an officer of the department or a school's focal point."""
    running = Campaign.objects.order_by("-pk").first()
    past = Campaign.objects.order_by("pk").first()
    draft = Assessment.objects.get(campaign=running, unit__short_name="TH&THCS Tân Thành")
    officer, focal = signed_in("so@edudx.example"), signed_in("dau-moi@edudx.example")
    return {
        "empty view": timed(officer, "/empty/"),
        "queue": timed(officer, f"/danh-gia/dot/{running.pk}/ho-so/"),
        "dashboard of the round": timed(officer, f"/danh-gia/dot/{running.pk}/"),
        "consolidated page": timed(officer, f"/bao-cao/tong-hop/{past.pk}/"),
        "assessment form": timed(focal, f"/danh-gia/ho-so/{draft.pk}/"),
        "public list": timed(Client(), f"/cong-khai/{past.code}/"),
    }


def signed_in(email: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=email), backend="schools.backends.EmailBackend")
    return client


def timed(client: Client, address: str) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    count = len(queries)  # now: the next request clears the log
    times = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        client.get(address)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), count


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
