"""The rules of the house, kept by a machine. See ARCHITECTURE.md."""

import ast
import importlib
import importlib.util
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from docs import states
from edudx.lib import slots, workflow

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "edudx", "schools", "plans", "assessments", "reporting", "templates", "static", "tests",
    "benchmarks",
)  # fmt: skip
FORBIDDEN = {
    "utils", "common", "core", "helpers", "services", "selectors", "repositories", "mixins",
}  # fmt: skip
PUBLIC = {
    "schools:login", "schools:password_request", "schools:password_sent", "schools:password_set",
    "plans:calendar_feed", "public:campaigns", "public:schools", "public:csv", "public:json",
    "public:school",
    "admin:login",  # sends on to schools:login
}  # fmt: skip
APPS = ("schools", "plans", "assessments", "reporting")
BORN = {"Task": ("draft",), "Reminder": ("merged",)}  # in which a row may begin, beside the default


def files(pattern: str) -> list[Path]:
    """Ours alone: no migrations, which Django writes, and nothing installed."""
    found = [one for folder in FOLDERS for one in sorted((ROOT / folder).rglob(pattern))]
    return [one for one in found if "migrations" not in one.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]


def length(function: ast.FunctionDef) -> int:
    """Lines from `def` to the end, decorators not counted."""
    return function.end_lineno - function.lineno + 1


def is_view(path: Path, function: ast.FunctionDef) -> bool:
    names = [one.arg for one in function.args.args]
    return ("views" in path.parts or path.stem in ("views", "home")) and "request" in names[:1]


# Small


def test_functions_are_short():
    long = [
        f"{name_of(path)}:{one.lineno} {one.name}: {length(one)} lines"
        for path in files("*.py")
        for one in functions(path)
        if length(one) > 40
    ]
    assert not long, "over 40 lines:\n" + "\n".join(long)


def test_views_are_a_paragraph():
    long = [
        f"{name_of(path)}:{one.lineno} {one.name}: {length(one)} lines"
        for path in files("*.py")
        for one in functions(path)
        if is_view(path, one) and length(one) > 25
    ]
    assert not long, "over 25 lines:\n" + "\n".join(long)


@pytest.mark.parametrize(("pattern", "most"), [("*.py", 400), ("*.html", 150), ("*.txt", 150)])
def test_files_are_small(pattern, most):
    large = [f"{name_of(one)}: {lines_of(one)}" for one in files(pattern) if lines_of(one) > most]
    assert not large, f"over {most} lines:\n" + "\n".join(large)


def test_no_module_has_a_name_that_says_nothing():
    ours = [one.relative_to(ROOT) for one in files("*.py")]
    vague = [
        str(one) for one in ours if one.parts[0] != "tests" and FORBIDDEN & {*one.parts, one.stem}
    ]
    assert not vague


# Tests


WHEN = {
    "hold", "holds", "tripped", "misc", "various", "more", "again", "extra", "later", "attacks",
    "issue", "bug", "bugs", "fix", "fixes", "regression", "regressions",
}  # fmt: skip  # words that say when or why a test was written, not what it is about


def imported(path: Path) -> list[str]:
    """Every part of every name that a module imports."""
    found = []
    for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(one, ast.Import | ast.ImportFrom):
            names = [getattr(one, "module", None) or "", *(name.name for name in one.names)]
            found += [part for name in names for part in name.split(".")]
    return found


def test_no_test_is_imported():
    """What several tests need stands in a module of `tests/` that is none itself."""
    wrong = {name_of(one) for one in files("*.py") for part in imported(one) if part[:5] == "test_"}
    assert not wrong


def test_tests_are_named_for_what_a_user_does():
    wrong = [
        name_of(one) for one in files("test_*.py")
        if WHEN & {*one.stem.split("_")} or re.search(r"\d", one.stem)
    ]  # fmt: skip
    assert not wrong


# Templates


INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=|javascript:", re.I)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.I)
COLUMN_STYLE = re.compile(r'<col style="width:{{ width }}mm">')


def test_no_template_holds_script_or_style():
    """But widths of columns in printed documents, which no style sheet of a page reaches."""
    found = []
    for path in files("*.html"):
        source = path.read_text(encoding="utf-8")
        if "documents" in path.parts:
            source = COLUMN_STYLE.sub("<col>", source)
        for mark in (INLINE_SCRIPT, INLINE_STYLE):
            found += [f"{name_of(path)}: {one.group().strip()}" for one in mark.finditer(source)]
    assert not found, "\n".join(found)


def test_template_lines_are_short():
    long = [
        f"{name_of(path)}:{number}: {len(line)}"
        for path in files("*.html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]
    assert not long, "over 120 characters:\n" + "\n".join(long)


APPS = ("schools", "plans", "assessments", "reporting")  # each may name those before it
TAG = re.compile(r"{%\s*(\w+)(.*?)%}", re.S)
COMPARED = re.compile(
    r"""(\w+)(?:\|\w+)?\s*(?:==|!=|\bin\b)\s*["'](\w+)["']"""  # one.state == "done"
    r"""|["'](\w+)["']\s*(?:==|!=)\s*(?:\w+\.)*(\w+)"""  # "done" == one.state
)


def tags(path: Path) -> list[tuple[str, str]]:
    """(name, the rest) of every tag of a template."""
    return TAG.findall(path.read_text(encoding="utf-8"))


def choices() -> dict[str, set[str]]:
    """What each column of choices of the four apps may hold; and the steps, by their name."""
    found: dict[str, set[str]] = {}
    for model in (one for app in APPS for one in apps.get_app_config(app).get_models()):
        for field in model._meta.get_fields():
            values = getattr(field, "choices", None) or ()
            found.setdefault(field.name, set()).update(str(value) for value, _ in values)
    for app in APPS:
        path = f"{app}.workflow"
        if importlib.util.find_spec(path):
            members = inspect.getmembers(importlib.import_module(path))
            tables = [one for _, one in members if isinstance(one, tuple)]
            steps = {
                one.name for table in tables for one in table
                if isinstance(one, workflow.Transition)
            }  # fmt: skip
            found.setdefault("name", set()).update(steps)
            found.setdefault("step", set()).update(steps)
    return found


def test_no_template_compares_a_state_with_a_word():
    """It asks the noun: `assignment.is_done`. A file's format is no state."""
    known = choices()
    known.pop("format", None)
    wrong = [
        f"{name_of(path)}: {before or after} {one or two}"
        for path in files("*.html")
        for name, rest in tags(path)
        if name in ("if", "elif")
        for before, one, two, after in COMPARED.findall(rest)
        if (one or two) in known.get(before or after, ())
    ]
    assert not wrong, "\n".join(wrong)


def test_every_slot_is_named_and_filled():
    named = {
        rest.split()[0].strip("\"'") for path in files("*.html") for name, rest in tags(path)
        if name == "slot"
    }  # fmt: skip
    assert named == slots.filled()


def libraries(app: str) -> set[str]:
    return {one.stem for one in (ROOT / app / "templatetags").glob("[a-z]*.py")}


def names_of_above(path: Path, above: str) -> list[str]:
    """What a template or a module of tags says of an app above its own."""
    source = path.read_text(encoding="utf-8")
    found = re.findall(rf"""["']{above}[:/][\w:/.]*["']|\b(?:from|import) {above}\b""", source)
    for name, rest in tags(path):
        found += [one for one in rest.split() if name == "load" and one in libraries(above)]
    return found


def test_pages_name_nothing_of_an_app_above():
    """No address, tag or template of it: that is handed in, see edudx/lib/slots.py."""
    wrong = []
    for rank, app in enumerate(("components", *APPS)):
        mine = [*(ROOT / "templates" / app).rglob("*.html")]
        mine += (ROOT / app / "templatetags").glob("*.py")
        for path in mine:
            for above in APPS[rank:]:
                wrong += [f"{name_of(path)}: {one}" for one in names_of_above(path, above)]
    assert not wrong, "\n".join(wrong)


# Who gets in without a name


def views() -> dict[str, object]:
    """Every view of the URL conf by its full name; those without a name by their pattern."""
    found = {}

    def walk(patterns, spaces: tuple[str, ...]) -> None:
        for one in patterns:
            if isinstance(one, URLPattern):
                found[":".join([*spaces, one.name or str(one.pattern)])] = one.callback
            else:
                walk(one.url_patterns, (*spaces, one.namespace) if one.namespace else spaces)

    walk(get_resolver().url_patterns, ())
    return found


def test_the_public_views_are_exactly_these():
    public = {name for name, view in views().items() if not getattr(view, "login_required", True)}
    assert public == PUBLIC


def test_every_address_has_a_name():
    unnamed = [name for name in views() if not name.startswith("admin") and "/" in name]
    assert not unnamed


# Words


def test_every_model_says_what_its_name_cannot():
    silent = []
    for app in ("schools", "plans", "assessments", "reporting"):
        models = importlib.import_module(f"{app}.models")
        silent += [
            f"{app}.{one.__name__}"
            for _, one in inspect.getmembers(models, inspect.isclass)
            if one.__module__.startswith(f"{app}.models")
            and hasattr(one, "_meta")
            and not one.__name__.startswith("Historical")
            and f"{one.__name__}(" in (one.__doc__ or f"{one.__name__}(")
        ]
    assert not silent, f"models without a docstring: {silent}"


# Names


def test_no_module_of_ours_is_renamed_by_whoever_imports_it():
    renamed = []
    for path in files("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or node.level:
                continue
            for one in node.names:
                place = ROOT / node.module.replace(".", "/") / one.name
                if one.asname and (place.with_suffix(".py").exists() or place.is_dir()):
                    renamed.append(f"{name_of(path)}:{node.lineno} {one.name} as {one.asname}")
    assert not renamed, "\n".join(renamed)


# States


def columns_of_state() -> list[tuple[type, object]]:
    return [
        (model, field)
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in model._meta.concrete_fields
        if field.name == "state" or (model.__name__, field.name) == ("Product", "decision")
        if not model.__name__.startswith("Historical")
    ]


@pytest.mark.parametrize(("model", "field"), columns_of_state())
def test_every_column_of_state_has_its_arrows(model, field):
    assert hasattr(model, "transitions"), f"{model.__name__} has no table in workflow.py"
    values = {value for value, _ in field.flatchoices}
    ends = {one.target for one in model.transitions}
    drawn = ends | {source for one in model.transitions for source in one.sources}
    born = {str(field.default), *BORN.get(model.__name__, ())}
    assert drawn <= values
    assert values <= ends | born, "a state that nothing leads to"
    assert len({one.name for one in model.transitions}) == len(model.transitions)


def test_the_diagrams_are_those_of_the_code():
    assert states.FILE.read_text(encoding="utf-8") == states.written(), "run `make docs`"


# Words that are members of an enum


def choices_by_app() -> dict[str, dict[str, set[str]]]:
    """App → column → the values its enums allow."""
    found: dict[str, dict[str, set[str]]] = {app: {} for app in APPS}
    for model in apps.get_models():
        for field in model._meta.concrete_fields if model._meta.app_label in APPS else ():
            values = {str(value) for value, _ in field.flatchoices}
            found[model._meta.app_label].setdefault(field.name, set()).update(values)
    return found


def column_of(node: ast.AST) -> str:
    """The column a keyword or a comparison speaks of: `assignment__state__in` is `state`."""
    if isinstance(node, ast.keyword) and node.arg:
        return node.arg.removesuffix("__in").rpartition("__")[2]
    if isinstance(node, ast.Compare):
        sides = [one for one in (node.left, *node.comparators) if isinstance(one, ast.Attribute)]
        return sides[0].attr if sides else ""
    return ""


def literals(tree: ast.AST) -> list[tuple[str, str, int]]:
    """(column, text, line) of every text that is compared with a column or looked up in it."""
    return [
        (column_of(node), text.value, text.lineno)
        for node in ast.walk(tree)
        if column_of(node)
        for text in ast.walk(node.value if isinstance(node, ast.keyword) else node)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]


def test_no_text_stands_where_another_app_has_an_enum_member():
    known = choices_by_app()
    found = []
    for path in files("*.py"):
        app = path.relative_to(ROOT).parts[0]
        if app not in (*APPS, "edudx"):
            continue
        for column, text, line in literals(ast.parse(path.read_text(encoding="utf-8"))):
            own = known.get(app, {}).get(column, set())
            others = [known[one].get(column, set()) for one in APPS if one != app]
            if text and text not in own and any(text in values for values in others):
                found.append(f"{name_of(path)}:{line} {column} {text!r}")
    assert not found, "\n".join(found)


# ARCHITECTURE.md


def test_architecture_is_a_map():
    path = ROOT / "ARCHITECTURE.md"
    assert path.is_file(), "ARCHITECTURE.md is missing"
    assert lines_of(path) <= 150
