from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("empty/", lambda request: HttpResponse("<p>empty</p>")),
    path("", include("edudx.urls")),
]
