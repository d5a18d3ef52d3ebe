"""The embedded settings with one more address: an empty view to measure against."""

from edudx.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
ALLOWED_HOSTS = ["*"]
