from django.urls import path

from schools.views import account, documents, focal_points, imports, inbox, units

app_name = "schools"
urlpatterns = [
    path("dang-nhap/", account.login, name="login"),
    path("dang-xuat/", account.logout, name="logout"),
    path("mat-khau/quen/", account.password_request, name="password_request"),
    path("mat-khau/da-gui/", account.password_sent, name="password_sent"),
    path("mat-khau/<uidb64>/<token>/", account.password_set, name="password_set"),
    path("tai-khoan/", account.account, name="account"),
    path("thu/", inbox.inbox, name="inbox"),
    path("thu/doc-het/", inbox.inbox_read, name="inbox_read"),
    path("thu/<int:pk>/", inbox.message, name="message"),
    path("vai-tro/<int:pk>/", account.hat_choose, name="hat_choose"),
    path("don-vi/", units.units, name="units"),
    path("don-vi/nhap/", imports.import_add, name="import_add"),
    path("don-vi/nhap/<int:pk>/", imports.import_check, name="import_check"),
    path("don-vi/nhap/<int:pk>/loi.xlsx", imports.import_faults, name="import_faults"),
    path("don-vi/nhap/<int:pk>/ap-dung/", imports.import_apply, name="import_apply"),
    path("don-vi/<int:pk>/", units.unit, name="unit"),
    path("don-vi/<int:pk>/moi/", units.invite, name="invite"),
    path("don-vi/<int:pk>/dau-moi/", focal_points.focal_point_list, name="focal_points"),
    path("phan-cong/<int:pk>/ket-thuc/", units.membership_end, name="membership_end"),
    path("tai-lieu/", documents.document_list, name="documents"),
    path("tai-lieu/them/", documents.document_add, name="document_add"),
    path("tai-lieu/<int:pk>/", documents.document, name="document"),
    path("tai-lieu/<int:pk>/ban-moi/", documents.version_add, name="version_add"),
    path("tep/<int:pk>/", documents.document_file, name="document_file"),
]
