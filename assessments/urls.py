from django.urls import path

from assessments.views import answers, campaigns, certificates, evidence, files, reviews, sets

app_name = "assessments"
urlpatterns = [
    path("", campaigns.home, name="home"),
    path("dot/them/", campaigns.campaign_add, name="campaign_add"),
    path("dot/<int:pk>/", campaigns.campaign, name="campaign"),
    path("dot/<int:pk>/sua/", campaigns.campaign_edit, name="campaign_edit"),
    path("dot/<int:pk>/mo/", campaigns.campaign_open, name="campaign_open"),
    path("dot/<int:pk>/dong/", campaigns.campaign_close, name="campaign_close"),
    path("dot/<int:pk>/mo-lai/", campaigns.campaign_reopen, name="campaign_reopen"),
    path("dot/<int:pk>/cong-bo/", campaigns.campaign_publish, name="campaign_publish"),
    path("dot/<int:pk>/ho-so/", reviews.queue, name="queue"),
    path("dot/<int:pk>/cong-nhan/", certificates.certify, name="certify"),
    path("bao-cao-phong/<int:pk>/", campaigns.office_report, name="office_report"),
    path("quyet-dinh/<int:pk>/", certificates.decision, name="decision"),
    path("cong-nhan/<int:pk>/", certificates.certificate, name="certificate"),
    path("ho-so/<int:pk>/", files.assessment, name="assessment"),
    path("ho-so/<int:pk>/kiem-tra/", files.check, name="check"),
    path("ho-so/<int:pk>/lay-lai/", files.take_over, name="take_over"),
    path("ho-so/<int:pk>/bien-ban/", evidence.minutes_upload, name="minutes_upload"),
    path("ho-so/<int:pk>/buoc/<slug:step>/", files.move, name="move"),
    path("ho-so/<int:pk>/mo-lai/", certificates.reopen, name="reopen"),
    path("ho-so/<int:pk>/tham-dinh/", reviews.review, name="review"),
    path("ho-so/<int:pk>/tham-dinh/con-lai/", reviews.review_rest, name="review_rest"),
    path("ho-so/<int:pk>/tieu-chi/<int:criterion_pk>/", answers.answer_save, name="answer_save"),
    path(
        "ho-so/<int:pk>/tieu-chi/<int:criterion_pk>/ra-soat/",
        answers.carried_over_confirm,
        name="carried_over_confirm",
    ),
    path(
        "ho-so/<int:pk>/tieu-chi/<int:criterion_pk>/tep/",
        evidence.evidence_upload,
        name="evidence_upload",
    ),
    path(
        "ho-so/<int:pk>/tieu-chi/<int:criterion_pk>/minh-chung/",
        evidence.evidence_add,
        name="evidence_add",
    ),
    path(
        "ho-so/<int:pk>/tieu-chi/<int:criterion_pk>/tham-dinh/",
        reviews.review_save,
        name="review_save",
    ),
    path(
        "ho-so/<int:pk>/tieu-chi/<int:criterion_pk>/trao-doi/",
        reviews.comments,
        name="comments",
    ),
    path("minh-chung/<int:pk>/bo/", evidence.evidence_remove, name="evidence_remove"),
    path("bo-chi-so/", sets.set_list, name="sets"),
    path("bo-chi-so/nhap/", sets.set_load, name="set_load"),
    path("bo-chi-so/<int:pk>/", sets.indicator_set, name="set"),
    path("bo-chi-so/<int:pk>/cong-bo/", sets.set_publish, name="set_publish"),
    path("bo-chi-so/<int:pk>/het-hieu-luc/", sets.set_retire, name="set_retire"),
]
