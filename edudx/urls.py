"""Every address of the portal, app by app."""

from django.contrib import admin
from django.urls import include, path

from edudx.home import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("schools.urls")),
    path("nhiem-vu/", include("plans.urls")),
    path("danh-gia/", include("assessments.urls")),
    path("cong-khai/", include("assessments.public_urls")),
    path("bao-cao/", include("reporting.urls")),
    path("quan-tri/", admin.site.urls),
]

handler400 = "edudx.errors.bad_request"
handler403 = "edudx.errors.forbidden"
handler404 = "edudx.errors.not_found"
handler500 = "edudx.errors.server_error"
