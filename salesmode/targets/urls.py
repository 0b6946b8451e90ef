"""The addresses of targets and scorecards."""

from django.urls import path

from salesmode.targets import views

app_name = "targets"
urlpatterns = [
    path("targets/", views.targets, name="targets"),
    path("targets/set", views.set_target, name="set_target"),
    path("targets/propose", views.propose_targets, name="propose_targets"),
    path("targets/copy", views.copy_targets, name="copy_targets"),
    path("targets/approve", views.approve_targets, name="approve_targets"),
    path("targets/<int:target_id>", views.target, name="target"),
    path("targets/<int:target_id>/edit", views.amend_target, name="amend_target"),
    path("targets/<int:target_id>/approve", views.approve_target, name="approve_target"),
    path("targets/<int:target_id>/lock", views.lock_target, name="lock_target"),
    path("scorecards/", views.scores, name="scores"),
    path("scorecards/people/<int:person_id>", views.score, name="score"),
]
