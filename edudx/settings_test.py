"""The settings of the suite: those of an embedded installation, in a folder thrown away."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="edudx-test-"))
for name in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "EMAIL_URL", "MEDIA_ROOT", "HTTPS"):
    os.environ.pop(name, None)

from edudx.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in use: threads lock each other as they would there, not as in shared memory.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
