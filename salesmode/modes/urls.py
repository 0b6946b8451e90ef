"""Addresses of modes."""

from django.urls import path

from salesmode.modes import views

app_name = "modes"

urlpatterns = [
    path("modes/", views.overview, name="overview"),
    path("modes/compare", views.compare, name="compare"),
    path("modes/mode/<slug:code>", views.mode, name="mode"),
    path("modes/practices/", views.practices, name="practices"),
    path("modes/practices/<slug:code>", views.practice, name="practice"),
    path("modes/adopt", views.adopt, name="adopt"),
    path("modes/adoptions/<int:adoption_id>", views.adoption, name="adoption"),
    path("modes/adoptions/<int:adoption_id>/take-back", views.take_back_adoption, name="take_back_adoption"),
    path("modes/running/<int:practice_id>/take-back", views.take_back_practice, name="take_back_practice"),
    path("modes/running/<int:practice_id>/adjust", views.adjust_practice, name="adjust_practice"),
    path("modes/running/<int:practice_id>/decide", views.decide_on_practice, name="decide_on_practice"),
    path("modes/adoption", views.sheets, name="sheets"),
    path("modes/adoption/events", views.events, name="events"),
    path("modes/effect/", views.effects, name="effects"),
    path("modes/effect/<str:subject>", views.effect, name="effect"),
    path("modes/effect/<str:subject>/request", views.request_effect, name="request_effect"),
]
