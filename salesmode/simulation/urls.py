"""Addresses of the demonstration."""

from django.urls import path

from salesmode.simulation import views

app_name = "simulation"

urlpatterns = [
    path("begin/demonstration", views.request_demonstration, name="request_demonstration"),
    path("begin/demonstration/arriving", views.arriving, name="arriving"),
]
