"""The project's own app (shared template tags) and the administration site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class EdudxConfig(AppConfig):
    name = "edudx"
    verbose_name = "Cổng thông tin"

    def ready(self) -> None:
        from edudx import checks  # noqa: F401 registers the system checks


class PortalAdminConfig(AdminConfig):
    default_site = "edudx.adminsite.PortalAdminSite"
