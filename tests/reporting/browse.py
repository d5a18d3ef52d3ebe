"""What people send from the pages of figures."""

from reporting import sheet_reading


def section(sheet, place: int = 0, **typed) -> dict:
    """What the browser sends for one section: names by the code of the figure."""
    lines = {one.item.code: one.pk for one in sheet_reading.sections_of(sheet)[place].fields}
    found = {f"s{place}-version": sheet.draft.get(str(place), {"version": 0})["version"]}
    for name, value in typed.items():
        code, _, tail = name.partition("__")
        pk = lines[code.replace("_", "-")]
        found[f"s{place}-{pk}{'-' + tail.replace('_', '-') if tail else ''}"] = value
    return found
