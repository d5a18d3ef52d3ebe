"""Dockerfile, docker-compose.yml, .env.example and setup.sh stay in step with the settings."""

import ast
import importlib.util
import itertools
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from django.urls import reverse

import edudx
from edudx.checks import PACKAGES

ROOT = Path(__file__).resolve().parent.parent
OWN = {"migrate", "web", "worker", "beat"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def settings_keys() -> set[str]:
    """Every name that settings.py asks the environment for: `env.kind("NAME", …)`."""
    calls = (one for one in ast.walk(ast.parse(text("edudx/settings.py"))) if _asks_env(one))
    return {one.args[0].value for one in calls}


def _asks_env(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
    )


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load(text("docker-compose.yml"))


def test_settings_ask_for_what_the_issue_names():
    assert settings_keys() >= {
        "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL",
        "DATA_DIR", "MEDIA_ROOT", "EMAIL_URL", "PORT",
    }  # fmt: skip


def test_the_example_environment_names_every_setting_once_with_a_line_about_it():
    lines = text(".env.example").splitlines()
    found = []
    for before, line in itertools.pairwise(lines):
        named = re.fullmatch(r"#?([A-Z][A-Z0-9_]+)=.*", line)
        if named:
            found.append(named[1])
            assert re.match(r"# [A-Z].+[.]$", before), f"{named[1]} lacks its line"
    assert len(found) == len(set(found))
    assert set(found) == settings_keys()
    assert "SECRET_KEY=change-me" in lines


# docker-compose.yml


def test_compose_has_the_production_shape(compose):
    services = compose["services"]
    assert set(services) == OWN | {"database", "redis"}
    assert services["database"]["image"].startswith("postgres:")
    assert services["redis"]["image"].startswith("redis:")
    assert {"media", "database"} <= set(compose["volumes"])
    for name in ("web", "worker", "database", "redis"):
        assert "healthcheck" in services[name], name


def test_compose_sets_only_what_the_settings_read(compose):
    for name in OWN:
        unknown = set(compose["services"][name]["environment"]) - settings_keys()
        assert not unknown, f"{name} sets {unknown}, which settings.py never reads"


def test_compose_names_every_setting_a_production_needs(compose):
    needed = {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
    for name in OWN:
        assert needed <= set(compose["services"][name]["environment"])


def test_compose_holds_no_secret(compose):
    for name, service in compose["services"].items():
        for key, value in service.get("environment", {}).items():
            if "SECRET" in key or "PASSWORD" in key:
                assert re.fullmatch(r"\$\{[A-Z_]+:\?.*\}", value), f"{name}: {key}"
    assert "${SECRET_KEY:?" in text("docker-compose.yml")
    assert "${POSTGRES_PASSWORD:?" in compose["services"]["web"]["environment"]["DATABASE_URL"]


def test_compose_commands_name_what_exists(compose):
    for name in ("worker", "beat"):
        words = compose["services"][name]["command"].split()
        assert words[:4] == ["celery", "-A", "edudx", name]
        assert "--scheduler" not in words or words[words.index("--scheduler") + 1].count(":") == 1
    words = compose["services"]["migrate"]["command"].split()
    assert words[:3] == ["python", "manage.py", "migrate"]
    assert (ROOT / words[1]).is_file()
    assert "command" not in compose["services"]["web"]  # the image's own: gunicorn


def test_migrations_run_once_and_before_everything_else(compose):
    for name in ("web", "worker", "beat"):
        before = compose["services"][name]["depends_on"]["migrate"]["condition"]
        assert before == "service_completed_successfully"


def test_only_one_process_beats(compose):
    assert " -B" not in text("docker-compose.yml")
    assert "replicas" not in compose["services"]["beat"].get("deploy", {})


# Dockerfile


def test_the_image_has_the_libraries_and_the_lock_file():
    said = text("Dockerfile")
    for package in [*PACKAGES.split(), "fontconfig"]:
        assert re.search(rf"\s{re.escape(package)}\s", said), package
    lock = re.search(r"pip install --require-hashes -r (\S+)", said)[1]
    assert (ROOT / lock).is_file()
    assert re.search(rf"COPY {re.escape(lock)} ", said)


def test_the_image_collects_static_files_and_is_not_root():
    said = text("Dockerfile")
    assert re.search(r"^USER edudx$", said, re.MULTILINE)
    assert said.index("collectstatic") < said.index("USER edudx")
    assert not re.search(r"^ENV .*SECRET_KEY", said, re.MULTILINE)
    command = ast.literal_eval(re.search(r"^CMD (\[.*\])$", said, re.MULTILINE)[1])
    assert command[:2] == ["gunicorn", "edudx.wsgi"]
    assert importlib.util.find_spec(command[1]) is not None


def test_nothing_but_the_portal_writes_a_line_a_request(compose):
    """gunicorn's access log holds addresses, queries and keys; Celery's level is LOG_LEVEL's."""
    commands = [compose["services"][name].get("command", "") for name in OWN]
    assert "access-log" not in " ".join([*commands, text("Dockerfile")])
    assert "--loglevel" not in " ".join(commands)
    assert compose["services"]["web"]["environment"]["LOG_LEVEL"] == "${LOG_LEVEL:-INFO}"


def test_nothing_private_goes_into_the_image():
    assert {".env", "var", ".git", ".venv"} <= set(text(".dockerignore").split())


# setup.sh and the scripts


def test_setup_installs_the_libraries_the_checks_ask_for():
    packages = re.search(r"packages=\(([^)]*)\)", text("edudx/setup.sh"))[1].split()
    assert set(PACKAGES.split()) <= set(packages)
    for lock in re.findall(r"lock=([\w.-]+)", text("edudx/setup.sh")):
        assert (ROOT / lock).is_file()


@pytest.mark.parametrize("script", ["edudx/setup.sh", "edudx/check.sh", ".ci/run"])
def test_a_script_is_executable_and_parses(script):
    assert (ROOT / script).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(ROOT / script)], check=True)


# The version


def test_the_version_is_the_newest_dated_entry_of_the_changelog():
    heads = re.findall(r"^## (.+)$", text("CHANGELOG.md"), re.MULTILINE)
    dated = [re.fullmatch(r"(\d+\.\d+\.\d+) — (\d\d)/(\d\d)/(\d{4})", one) for one in heads[1:]]
    assert heads[0] == "Chưa phát hành"
    assert all(dated), heads
    versions = [tuple(int(part) for part in one[1].split(".")) for one in dated]
    days = [(one[4], one[3], one[2]) for one in dated]
    assert versions == sorted(set(versions), reverse=True)
    assert days == sorted(days, reverse=True)
    assert edudx.__version__ == dated[0][1]
    assert tomllib.loads(text("pyproject.toml"))["project"]["version"] == edudx.__version__


def test_an_administrator_reads_the_version(cast, sign_in):
    page = sign_in(cast.administrator).get(reverse("plans:operations")).content.decode()
    assert f"Phiên bản của cổng: {edudx.__version__}" in page


def test_every_version_says_what_an_upgrade_to_it_needs():
    versions = re.findall(r"^## (\d+\.\d+\.\d+) ", text("CHANGELOG.md"), re.MULTILINE)
    told = re.findall(r"^### .*?(\d+\.\d+\.\d+)$", text("docs/van-hanh/nang-cap.md"), re.MULTILINE)
    assert told == versions


# The decisions


def test_every_decision_stands_in_the_index_once_in_the_order_of_its_number():
    pages = sorted(one.name for one in (ROOT / "docs/decisions").glob("0*.md"))
    assert (
        re.findall(r"^- \[\d{4}\]\((.+?)\)", text("docs/decisions/README.md"), re.MULTILINE)
        == pages
    )
    assert [int(one[:4]) for one in pages] == list(range(1, len(pages) + 1))
    for name in pages:
        said = text(f"docs/decisions/{name}")
        assert len(said.splitlines()) <= 25, name
        assert re.findall(r"^## (.+)$", said, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequence",
        ]


def test_the_licence_is_apache():
    assert "Apache License" in text("LICENSE")
    assert "Apache-2.0" in text("pyproject.toml")
