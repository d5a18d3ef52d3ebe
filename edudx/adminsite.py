"""The administration site: the portal's own login, only for those who administer."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.urls import reverse


class PortalAdminSite(admin.AdminSite):
    site_header = "edudx · Quản trị"
    site_title = "Quản trị edudx"
    index_title = "Danh mục và thiết lập"
    site_url = "/"

    def has_permission(self, request) -> bool:
        return request.user.is_active and request.user.is_authenticated and request.user.is_staff

    def get_urls(self) -> list:
        """Without Django's «view on site»: it answers for any object of any unit."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    @login_not_required
    def login(self, request, extra_context=None):
        """One door: the portal's own login page, with its lock-out."""
        if request.user.is_authenticated:
            return redirect("home")
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(wanted, reverse("schools:login"))
