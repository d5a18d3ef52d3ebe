"""Every setting, from the environment. With nothing set the portal runs embedded, in one folder."""

import os
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from edudx.embedded import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

# Embedded: neither SECRET_KEY nor DEBUG is given. A key of its own is made and kept in DATA_DIR.
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
DEBUG = env.bool("DEBUG", False)
EMBEDDED = "SECRET_KEY" not in os.environ and "DEBUG" not in os.environ
DEFAULT_SECRET = "insecure-default-secret-for-development-only"  # noqa: S105 refused below
SECRET_KEY = kept_secret(DATA_DIR) if EMBEDDED else env.str("SECRET_KEY", DEFAULT_SECRET)
if not DEBUG and SECRET_KEY in ("", DEFAULT_SECRET, "change-me"):
    raise ImproperlyConfigured("SECRET_KEY must be set to a long random value when DEBUG is off.")
HTTPS = env.bool("HTTPS", not (DEBUG or EMBEDDED))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", f"http://127.0.0.1:{PORT}")

INSTALLED_APPS = [
    "edudx.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "axes",
    "csp",
    "simple_history",
    "edudx.apps.EdudxConfig",
    "schools",
    "plans",
    "assessments",
    "reporting",
]

MIDDLEWARE = [
    "edudx.request_log.RequestLogMiddleware",
    "edudx.middleware.WatchFilesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # above WhiteNoise: embedded files come plain
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "edudx.request_log.WhoMiddleware",
    "edudx.middleware.RefuseHugeMiddleware",
    "edudx.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "edudx.middleware.CleanTextMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "schools.hats.HatMiddleware",
    "schools.once.OnceMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "edudx.urls"
WSGI_APPLICATION = "edudx.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "schools.hats.frame",
            ],
            "builtins": [
                "edudx.templatetags.portal",
                "crispy_forms.templatetags.crispy_forms_tags",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "edudx.lib.typed_forms.Renderer"  # what is typed passes edudx/lib/text.py

DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'edudx.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "schools.backends.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "schools:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "schools:login"
PASSWORD_RESET_TIMEOUT = 7 * 24 * 3600
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"  # axes would look for "email" and count by address alone
AXES_LOCKOUT_TEMPLATE = "schools/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "schools.backends.client_address"
PROXY_COUNT = env.int("PROXY_COUNT", 0)

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
LOCALE_PATHS = [BASE_DIR / "edudx" / "locale"]
FORMAT_MODULE_PATH = "edudx.formats"
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", str(DATA_DIR / "static"))
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "edudx.staticfinder.BootstrapFinder",
]
WHITENOISE_USE_FINDERS = EMBEDDED or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = env.str("MEDIA_ROOT", str(DATA_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "edudx.lib.stored_files.WatchedStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if EMBEDDED or DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", 20) * 1024**2
UNIT_QUOTA_BYTES = env.int("UNIT_QUOTA_MB", 2048) * 1024**2
EXPORT_LEASE_SECONDS = env.int("EXPORT_LEASE_SECONDS", 60)  # silence after which a worker is dead

# Embedded: mails lie as files in DATA_DIR/mail; a server is given as smtp://user:password@host:25.
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}"))
EMAIL_TIMEOUT = 10  # seconds; the invitation's row is held meanwhile, on SQLite every writer waits
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "edudx <khong-tra-loi@edudx.example>")

MESSAGE_WEBHOOK_URL = env.str("MESSAGE_WEBHOOK_URL", "")
MESSAGE_WEBHOOK_SECRET = env.str("MESSAGE_WEBHOOK_SECRET", "")
ZALO_OA_TOKEN = env.str("ZALO_OA_TOKEN", "")
ZALO_OA_URL = env.str("ZALO_OA_URL", "https://openapi.zalo.me/v3.0/oa/message/cs")
EXTENSIONS_PER_TASK = env.int("EXTENSIONS_PER_TASK", 1)  # how often a unit may be given more time

REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", REDIS_URL or "filesystem://localhost")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = TIME_ZONE
if CELERY_BROKER_URL.startswith("filesystem://"):
    queue = DATA_DIR / "queue"
    for folder in ("messages", "control", "processed"):
        (queue / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(queue / "messages"),
        "data_folder_out": str(queue / "messages"),
        "control_folder": str(queue / "control"),
        "processed_folder": str(queue / "processed"),
        "polling_interval": 0.25,
    }
if REDIS_URL:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # but for evidence shown in place, see schools.views.documents
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
CSRF_FAILURE_VIEW = "edudx.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own SVG marks are data: addresses
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],  # evidence shown in place
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

OWN = ("edudx", "schools", "plans", "assessments", "reporting")  # libraries: WARNING on
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"caller": {"()": "edudx.request_log.CallerFilter"}},
    "formatters": {"line": {"()": "edudx.request_log.LineFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "level": env.str("LOG_LEVEL", "WARNING" if EMBEDDED else "INFO"),
            "filters": ["caller"],
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        **{name: {"level": "DEBUG"} for name in OWN},  # the handler's level counts
        "django": {"level": "WARNING", "handlers": []},  # else DEBUG writes each line twice
        "django.request": {"level": "ERROR"},  # 400 to 499 have their line
        "django.security.SuspiciousFileOperation": {"level": "CRITICAL"},  # names the file
        "axes": {"level": "ERROR"},  # names who signed in and from where; its tables know
    },
}
