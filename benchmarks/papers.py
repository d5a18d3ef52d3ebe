"""A PDF with a list of so many rows, by sections and in one go; the same list as Word. A JSON line.

The bound: by sections the process never takes more than BOUND_MB, however long the list is.
"""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import django

django.setup()

from reporting.documents import pdf, word
from reporting.documents.paper import Appendix, Column, Grid, Paper, Signature, Text

BOUND_MB = 200


def paper(rows: int) -> Paper:
    """As the roll-up of a province lists its schools: five columns."""
    columns = (
        Column("TT", 13, True), Column("Trường"), Column("Nơi tổng hợp", 42),
        Column("Nộp lúc", 30, True), Column("Thời hạn", 30, True),
    )  # fmt: skip
    cells = tuple(
        (str(n), f"Trường Tiểu học và trung học cơ sở Tân Thành {n}", "Phòng GDĐT Dương Kinh",
         "08:15 12/10/2026", "Đúng hạn")
        for n in range(1, rows + 1)
    )  # fmt: skip
    return Paper(
        form="report", kind="Báo cáo", superior="UBND thành phố", issuer="Sở GDĐT",
        number="01/BC", place="Hải Phòng", day="ngày 01 tháng 10 năm 2026", about="Số liệu",
        signature=Signature(("Giám đốc",)), blocks=(Text("Như sau:"),),
        appendices=(Appendix("Tình hình báo cáo", "(Kèm theo)", (Grid(columns, cells),)),),
    )  # fmt: skip


def work(kind: str, rows: int, said) -> None:
    """In a process of its own: seconds and the most memory it took."""
    found, began = paper(rows), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "a"
        if kind == "one":
            target.write_bytes(pdf.render(found))
        elif kind == "docx":
            word.write(found, target)
        else:
            pdf.write(found, target)
        seconds, size = time.perf_counter() - began, target.stat().st_size / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said.put({"s": seconds, "mb": peak, "kb": size})


def measured(kind: str, rows: int) -> dict:
    said = multiprocessing.get_context("spawn").Queue()
    child = multiprocessing.get_context("spawn").Process(target=work, args=(kind, rows, said))
    child.start()
    found = said.get(timeout=600)
    child.join()
    return found


if __name__ == "__main__":
    size = int(sys.argv[1])
    line = {"rows": size} | {kind: measured(kind, size) for kind in ("sections", "one", "docx")}
    assert line["sections"]["mb"] <= BOUND_MB, f"over {BOUND_MB} MB"
    print(json.dumps(line))
