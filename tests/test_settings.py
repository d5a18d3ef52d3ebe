"""The portal started with this environment and that: what it refuses, keeps, and honours."""

import json
import os
import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from tests import make

ROOT = Path(__file__).resolve().parent.parent
OURS = (
    "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL",
    "DATA_DIR", "MEDIA_ROOT", "STATIC_ROOT", "EMAIL_URL", "PORT", "HTTPS",
)  # fmt: skip


def run(*command: str, **environment: str) -> subprocess.CompletedProcess:
    """A fresh Python with nothing of ours in its environment but what is given."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=clean | {"DJANGO_SETTINGS_MODULE": "edudx.settings"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def settings_with(folder: Path, *names: str, **environment: str) -> list:
    """The values of these settings under this environment."""
    code = (
        "import json; from django.conf import settings as s;"
        f"print(json.dumps([getattr(s, name) for name in {list(names)}], default=str))"
    )
    done = run("-c", code, **({"DATA_DIR": str(folder)} | environment))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def production(folder: Path) -> dict[str, str]:
    return {
        "DATA_DIR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "edudx.example",
    }


# Nothing set: embedded


def test_with_nothing_set_it_runs_from_one_folder(tmp_path):
    names = ("EMBEDDED", "DEBUG", "CELERY_BROKER_URL", "MEDIA_ROOT", "PORT")
    assert settings_with(tmp_path, *names) == [
        True, False, "filesystem://localhost", str(tmp_path / "media"), 8000,
    ]  # fmt: skip
    (database,) = settings_with(tmp_path, "DATABASES")
    assert database["default"]["NAME"] == str(tmp_path / "edudx.sqlite3")
    assert database["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert (tmp_path / "queue" / "messages").is_dir()


def test_it_migrates_and_checks_with_nothing_set(tmp_path):
    done = run("manage.py", "migrate", "--verbosity", "0", DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    done = run("manage.py", "check", "--fail-level", "WARNING", DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path):
    (first,) = settings_with(tmp_path, "SECRET_KEY")
    (second,) = settings_with(tmp_path, "SECRET_KEY")
    assert first == second
    assert len(first) >= 50
    assert settings_with(tmp_path / "other", "SECRET_KEY") != [first]
    kept = tmp_path / "secret-key"
    assert kept.read_text() == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


# Production


@pytest.mark.parametrize(
    "environment",
    [
        {"DEBUG": "0"},
        {"SECRET_KEY": "change-me"},
        {"SECRET_KEY": ""},
        {"DEBUG": "0", "SECRET_KEY": "insecure-default-secret-for-development-only"},
    ],
    ids=["no secret", "the example's", "empty", "the default"],
)
def test_production_refuses_a_default_secret(tmp_path, environment):
    done = run("manage.py", "check", DATA_DIR=str(tmp_path), **environment)
    assert done.returncode != 0
    assert "SECRET_KEY must be set" in done.stderr


def test_the_deployment_check_is_clean(tmp_path):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **production(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_production_insists_on_https(tmp_path):
    names = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    assert settings_with(tmp_path, *names, **production(tmp_path)) == [True, True, True]
    assert settings_with(tmp_path, *names) == [False, False, False]


# Every setting the issue names


@pytest.mark.parametrize(
    ("environment", "name", "value"),
    [
        ({"MEDIA_ROOT": "/srv/media"}, "MEDIA_ROOT", "/srv/media"),
        ({"PORT": "8123"}, "PORT", 8123),
        ({"PORT": "8123"}, "SITE_URL", "http://127.0.0.1:8123"),
        ({"ALLOWED_HOSTS": "a.example,b.example"}, "ALLOWED_HOSTS", ["a.example", "b.example"]),
        ({"REDIS_URL": "redis://r:6379/5"}, "CELERY_BROKER_URL", "redis://r:6379/5"),
        (
            {"REDIS_URL": "redis://r:6379/5", "CELERY_BROKER_URL": "redis://r:6379/6"},
            "CELERY_BROKER_URL",
            "redis://r:6379/6",
        ),
        ({"EMAIL_URL": "smtp+tls://u:p@mail.example:587"}, "EMAIL_HOST", "mail.example"),
        ({"EMAIL_URL": "smtp+tls://u:p@mail.example:587"}, "EMAIL_USE_TLS", True),
        ({"DEBUG": "1"}, "DEBUG", True),
        ({"EXPORT_LEASE_SECONDS": "5"}, "EXPORT_LEASE_SECONDS", 5),
    ],
)  # fmt: skip
def test_a_setting_of_the_environment_is_honoured(tmp_path, environment, name, value):
    assert settings_with(tmp_path, name, **environment) == [value]


def test_redis_also_keeps_the_cache(tmp_path):
    (caches,) = settings_with(tmp_path, "CACHES", REDIS_URL="redis://r:6379/5")
    assert caches["default"]["LOCATION"] == "redis://r:6379/5"


def test_the_database_is_chosen_by_its_address(tmp_path):
    (database,) = settings_with(tmp_path, "DATABASES", DATABASE_URL="postgres://u:p@db:5433/edu")
    chosen = database["default"]
    assert chosen["ENGINE"] == "django.db.backends.postgresql"
    assert (chosen["HOST"], chosen["PORT"], chosen["NAME"]) == ("db", 5433, "edu")


# The headers of a page


def policy(response) -> dict[str, list[str]]:
    parts = [one.split() for one in response["Content-Security-Policy"].split(";") if one.strip()]
    return {name: values for name, *values in parts}


def assert_strict(response) -> None:
    directives = policy(response)
    assert directives["default-src"] == ["'none'"]
    assert directives["script-src"] == ["'self'"]
    assert directives["style-src"] == ["'self'"]
    assert directives["base-uri"] == ["'none'"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", ["/cong-khai/", "/dang-nhap/", "/khong-co-trang-nay/"])
def test_public_pages_have_a_strict_policy(client, db, address):
    assert_strict(client.get(address, follow=True))


def test_pages_behind_the_login_have_a_strict_policy(cast, campaign, file_, sign_in):
    browser = sign_in(cast.officer)
    for name in ("home", "assessments:home", "reporting:exports", "schools:units"):
        assert_strict(browser.get(reverse(name)))
    assert_strict(browser.get(file_.get_absolute_url()))
    administrator = make.person(cast.department, "administrator")
    assert_strict(sign_in(administrator).get("/quan-tri/", follow=True))
