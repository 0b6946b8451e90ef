"""The addresses of what the frame itself does."""

from django.urls import path

from salesmode.workspace import views_frame

urlpatterns = [
    path("language", views_frame.language, name="language"),
    path("theme", views_frame.theme, name="theme"),
    path("search", views_frame.search, name="search"),
    path("inline/<slug:kind>/<int:key>/<slug:name>", views_frame.inline, name="inline"),
]
