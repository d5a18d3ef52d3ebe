"""Measure each size in a process and a folder of its own; write one table.

python -m benchmarks [SIZE ...]      default sizes: 300 3000 30000
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
SIZES = (300, 3000, 30000)
ASSIGNMENTS = (5000, 50000)
FIGURES = (3000, 30000)
PAPERS = (300, 3000)


def measure(module: str, *sizes: int) -> dict:
    """Seed a province of that size and measure it; figures as the child prints them."""
    with tempfile.TemporaryDirectory(prefix="edudx-bench-") as folder:
        env = {**os.environ, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG"):
            env.pop(name, None)
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{module}", *map(str, sizes)],
            env=env, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    found = {}
    for schools in sizes:
        print(f"{schools} schools …", flush=True)
        found[schools] = measure("measure", schools)
        print(json.dumps(found[schools]), flush=True)
    sweeps = []
    for assignments in ASSIGNMENTS:
        print(f"{assignments} assignments …", flush=True)
        for one_bad_in in (0, 1000):
            sweeps.append(measure("sweep", assignments, one_bad_in))
            print(json.dumps(sweeps[-1]), flush=True)
    figures = []
    for schools in FIGURES:
        print(f"{schools} schools × 60 figures …", flush=True)
        figures.append(measure("figures", schools))
        print(json.dumps(figures[-1]), flush=True)
    papers = []
    for rows in PAPERS:
        print(f"{rows} rows of a document …", flush=True)
        papers.append(measure("papers", rows))
        print(json.dumps(papers[-1]), flush=True)
    (HERE / "RESULTS.md").write_text(report(found, sweeps, figures, papers), encoding="utf-8")
    print(f"Written to {HERE.name}/RESULTS.md")


def report(
    found: dict[int, dict], sweeps: list[dict], figures: list[dict], papers: list[dict]
) -> str:
    lines = [
        "# Benchmark results",
        "",
        f"Made by `make bench` on {date.today():%Y-%m-%d}: Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, SQLite. Ratios hold within one run; seconds are of this machine.",
        "",
        "## Consolidated Excel",
        "",
        "The floor fetches the same rows with plain SQL and writes the same cells with XlsxWriter.",
        "",
        "| schools | rows × columns | export s | floor s | ratio (goal ≤ 1.5) | peak memory MB | "
        "ms per school | seed s |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for schools, one in found.items():
        lines.append(
            f"| {schools} | {one['rows']} × {one['columns']} | {one['export']:.2f} | "
            f"{one['floor']:.2f} | {one['export'] / one['floor']:.2f} | {one['peak_mb']:.0f} | "
            f"{one['export'] * 1000 / schools:.2f} | {one['seed']:.0f} |"
        )
    lines += ["", *sweep_lines(sweeps), "", *figure_lines(figures), "", *paper_lines(papers)]
    lines += ["", *page_lines(found)]
    return "\n".join(lines) + "\n"


def sweep_lines(sweeps: list[dict]) -> list[str]:
    lines = [
        "## Reminder sweep",
        "",
        "The floor fetches the same rows and drops them. First: the ledger is empty and gets its "
        "rows. Later: nothing new is due, as in every other minute.",
        "",
        "| open assignments | that fail | ledger rows | floor s | first s | rows/s | × floor "
        "| later s | × floor | queries | peak memory MB |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in sweeps:
        lines.append(
            f"| {one['rows']} | {one['explained']} | {one['claimed']} | {one['floor']:.2f} | "
            f"{one['first']:.2f} | {one['rows'] / one['first']:.0f} | "
            f"{one['first'] / one['floor']:.1f} | {one['again']:.2f} | "
            f"{one['again'] / one['floor']:.1f} | {one['queries']} | "
            f"{one['peak_mb']:.0f} |"
        )
    return lines


def figure_lines(figures: list[dict]) -> list[str]:
    lines = [
        "## Figures rolled up into Excel",
        "",
        "60 fields a school, nine schools in ten have handed in. The floor sums and fetches with "
        "plain SQL and writes the same cells of «Từng trường» with XlsxWriter.",
        "",
        "| schools | rows | export s | floor s | ratio | peak memory MB | seed s |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {one['schools']} | {one['rows']} | {one['export']:.2f} | {one['floor']:.2f} | "
        f"{one['export'] / one['floor']:.2f} | {one['peak_mb']:.0f} | {one['seed']:.0f} |"
        for one in figures
    ]
    return lines


def paper_lines(papers: list[dict]) -> list[str]:
    lines = [
        "## Long documents",
        "",
        "A list of five columns as PDF by sections of 300 rows, against the same list laid out in "
        "one go; and as Word. By sections the process must stay below 200 MB (asserted).",
        "",
        "| rows | by sections s | peak MB | in one go s | peak MB | memory × | time × | Word s "
        "| peak MB |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in papers:
        ours, whole, word = one["sections"], one["one"], one["docx"]
        lines.append(
            f"| {one['rows']} | {ours['s']:.1f} | {ours['mb']:.0f} | {whole['s']:.1f} | "
            f"{whole['mb']:.0f} | {ours['mb'] / whole['mb']:.2f} | {ours['s'] / whole['s']:.2f} | "
            f"{word['s']:.1f} | {word['mb']:.0f} |"
        )
    return lines


def page_lines(found: dict[int, dict]) -> list[str]:
    lines = [
        "## Pages",
        "",
        "Median of 15 requests through the whole stack, against an empty view behind the same "
        "middleware and sign-in.",
        "",
        "| schools | page | ms | queries | × empty view |",
        "|--:|---|--:|--:|--:|",
    ]
    for schools, one in found.items():
        for name, (ms, queries) in one["pages"].items():
            times = ms / one["pages"]["empty view"][0]
            lines.append(f"| {schools} | {name} | {ms:.1f} | {queries} | {times:.1f} |")
    return lines


if __name__ == "__main__":
    main()
