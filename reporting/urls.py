from django.urls import path

from reporting.views import data, exports, sheets

app_name = "reporting"
urlpatterns = [
    path("so-lieu/", data.requests, name="requests"),
    path("so-lieu/yeu-cau/", data.request_add, name="request_add"),
    path("so-lieu/bieu-mau/", data.forms, name="forms"),
    path("so-lieu/bieu-mau/<int:pk>/", data.form_page, name="form"),
    path("so-lieu/bieu-mau/<int:pk>/ban-hanh/", data.form_publish, name="form_publish"),
    path("so-lieu/<int:pk>/", data.request_page, name="request"),
    path("so-lieu/<int:pk>/so/<str:key>/", data.figure, name="figure"),
    path("so-lieu/<int:pk>/xuat/", exports.data_export, name="data_export"),
    path("so-lieu/<int:pk>/khoa/", data.request_lock, name="request_lock"),
    path("so-lieu/<int:pk>/ket-thuc/", data.request_end, name="request_end"),
    path("so-lieu/<int:pk>/chot/<str:code>/", data.close, name="close"),
    path("so-lieu/<int:pk>/chot/<str:code>/<int:number>/", data.closed, name="closed"),
    path("so-lieu/phieu/<int:pk>/", sheets.sheet, name="sheet"),
    path("so-lieu/phieu/<int:pk>/muc/<int:place>/", sheets.section_save, name="section_save"),
    path("so-lieu/phieu/<int:pk>/lay-so-cu/", sheets.sheet_take_known, name="sheet_take_known"),
    path("so-lieu/phieu/<int:pk>/nop/", sheets.sheet_check, name="sheet_check"),
    path("so-lieu/phieu/<int:pk>/tra-lai/", sheets.sheet_give_back, name="sheet_give_back"),
    path("so-lieu/phieu/<int:pk>/cho-nhap/", sheets.sheet_allow, name="sheet_allow"),
    path("lich/", exports.month_export, name="month_export"),
    path("ke-hoach/<int:pk>/<slug:report>/", exports.plan_export, name="plan_export"),
    path("dau-moi/<int:pk>/quyet-dinh.pdf", exports.focal_points_pdf, name="focal_points_pdf"),
    path("", exports.exports, name="exports"),
    path("tong-hop/<int:pk>/", exports.summary, name="summary"),
    path("tong-hop/<int:pk>/xuat/", exports.export_add, name="export_add"),
    path("tep/<int:pk>/", exports.export, name="export"),
    path("tep/<int:pk>/tien-do/", exports.export_progress, name="export_progress"),
    path("tep/<int:pk>/tai/", exports.export_file, name="export_file"),
    path("quyet-dinh/<int:pk>.pdf", exports.decision_pdf, name="decision_pdf"),
    path("bo-chi-so/<int:pk>.xlsx", exports.set_xlsx, name="set_xlsx"),
]
