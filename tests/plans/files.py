"""What leaves the pages of plans as Excel."""

import io

import openpyxl

from reporting import tasks
from reporting.models import Export


def built(client, address: str, **fields) -> openpyxl.Workbook:
    """Asked for on the page, built as the worker does, downloaded."""
    assert client.post(address, fields).status_code == 302
    export = Export.objects.latest("pk")
    tasks.run_export(export.pk)
    answer = client.get(f"/bao-cao/tep/{export.pk}/tai/")
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def rows(sheet) -> list[tuple]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]
