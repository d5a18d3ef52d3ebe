"""Every address of the portal, app by app."""

from django.contrib import admin
from django.urls import include, path

from edudx.home import home
from edudx.search import search

urlpatterns = [
    path("", home, name="home"),
    path("tim/", search, name="search"),
    path("", include("schools.urls")),
    path("", include("plans.urls")),
    path("danh-gia/", include("assessments.urls")),
    path("cong-khai/", include("assessments.public_urls")),
    path("bao-cao/", include("reporting.urls")),
    path("quan-tri/", admin.site.urls),
]

handler400 = "edudx.errors.bad_request"
handler403 = "edudx.errors.forbidden"
handler404 = "edudx.errors.not_found"
handler500 = "edudx.errors.server_error"
