from django.urls import path

from plans.views import assignments, boards, legal_texts, plans, reminders

app_name = "plans"
urlpatterns = [
    path("ke-hoach/", plans.plan_list, name="plans"),
    path("ke-hoach/soan/", plans.plan_add, name="plan_add"),
    path("ke-hoach/van-ban/", legal_texts.legal_text_list, name="legal_texts"),
    path("ke-hoach/van-ban/<int:pk>/", legal_texts.legal_text, name="legal_text"),
    path(
        "ke-hoach/van-ban/<int:pk>/toan-van/", legal_texts.legal_text_file, name="legal_text_file"
    ),
    path("ke-hoach/<int:pk>/", plans.plan, name="plan"),
    path("ke-hoach/<int:pk>/sua/", plans.plan_edit, name="plan_edit"),
    path("ke-hoach/<int:pk>/nhiem-vu/them/", plans.task_add, name="task_add"),
    path("ke-hoach/nhiem-vu/<int:pk>/sua/", plans.task_edit, name="task_edit"),
    path("ke-hoach/nhiem-vu/<int:pk>/bo/", plans.task_remove, name="task_remove"),
    path("ke-hoach/<int:pk>/chi-tieu/them/", plans.target_add, name="target_add"),
    path("ke-hoach/chi-tieu/<int:pk>/sua/", plans.target_edit, name="target_edit"),
    path("ke-hoach/<int:pk>/ban-hanh/", plans.plan_issue, name="plan_issue"),
    path("ke-hoach/<int:pk>/sua-doi/", plans.plan_amend, name="plan_amend"),
    path("ke-hoach/<int:pk>/ket-thuc/", plans.plan_close, name="plan_close"),
    path("ke-hoach/<int:pk>/lap-ke-hoach/", plans.plan_derive, name="plan_derive"),
    path("ke-hoach/<int:pk>/ban-goc/", plans.plan_original, name="plan_original"),
    path("ke-hoach/<int:pk>/yaml/", plans.plan_as_yaml, name="plan_yaml"),
    path("ke-hoach/<int:pk>/bang/", boards.board, name="board"),
    path("ke-hoach/<int:pk>/lo-trinh/", boards.road_map_page, name="road_map"),
    path("ke-hoach/lo-trinh/<int:pk>/", boards.road_map_set, name="road_map_set"),
    path("ke-hoach/<int:pk>/chi-tieu/", boards.target_list, name="targets"),
    path("ke-hoach/chi-tieu/<int:pk>/ket-qua/", boards.actual_save, name="actual_save"),
    path("nhiem-vu/", assignments.task_list, name="tasks"),
    path("nhiem-vu/lich/", boards.month_page, name="month"),
    path("nhiem-vu/gui-tin/", reminders.operations, name="operations"),
    path("nhiem-vu/gui-tin/<int:pk>/", reminders.delivery_retry, name="delivery_retry"),
    path("nhiem-vu/<int:pk>/", assignments.task, name="task"),
    path("nhiem-vu/<int:pk>/don-doc/", reminders.call, name="call"),
    path("nhiem-vu/<int:pk>/giao-them/", assignments.task_give, name="task_give"),
    path("nhiem-vu/viec/<int:pk>/", assignments.assignment, name="assignment"),
    path("nhiem-vu/viec/<int:pk>/nop/", assignments.hand_in, name="hand_in"),
    path("nhiem-vu/viec/<int:pk>/gia-han/", assignments.extension_ask, name="extension_ask"),
    path("nhiem-vu/viec/<int:pk>/<slug:step>/", assignments.review, name="review"),
    path("nhiem-vu/gia-han/<int:pk>/rut/", assignments.extension_recall, name="extension_recall"),
    path("nhiem-vu/gia-han/<int:pk>/", assignments.extension_answer, name="extension_answer"),
    path("lich/dia-chi/", reminders.feed_change, name="feed_change"),
    path("lich/<str:key>.ics", reminders.calendar_feed, name="calendar_feed"),
]
