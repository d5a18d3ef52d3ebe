from django.urls import path

from assessments.views import public

app_name = "public"
urlpatterns = [
    path("", public.campaign_list, name="campaigns"),
    path("<slug:code>/", public.schools, name="schools"),
    path("<slug:code>/csv/", public.schools_csv, name="csv"),
    path("<slug:code>/json/", public.schools_json, name="json"),
    path("<slug:code>/<str:unit_code>/", public.school, name="school"),
]
