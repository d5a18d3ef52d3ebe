from django.urls import path

from plans import views

app_name = "plans"
urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("<int:pk>/", views.task, name="task"),
]
