"""edudx: the portal in which education offices run digital transformation in schools."""

from edudx.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.2.0"  # the newest dated entry of CHANGELOG.md; pyproject.toml says the same
