from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("lich/", views.month_export, name="month_export"),
    path("ke-hoach/<int:pk>/<slug:report>/", views.plan_export, name="plan_export"),
    path("dau-moi/<int:pk>/quyet-dinh.pdf", views.focal_points_pdf, name="focal_points_pdf"),
    path("", views.exports, name="exports"),
    path("tong-hop/<int:pk>/", views.summary, name="summary"),
    path("tong-hop/<int:pk>/xuat/", views.export_add, name="export_add"),
    path("tep/<int:pk>/", views.export, name="export"),
    path("tep/<int:pk>/tien-do/", views.export_progress, name="export_progress"),
    path("tep/<int:pk>/tai/", views.export_file, name="export_file"),
    path("quyet-dinh/<int:pk>.pdf", views.decision_pdf, name="decision_pdf"),
    path("bo-chi-so/<int:pk>.xlsx", views.set_xlsx, name="set_xlsx"),
]
