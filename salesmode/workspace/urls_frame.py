"""The addresses of what the frame itself does."""

from django.urls import path

from salesmode.workspace import views_frame, views_help

urlpatterns = [
    path("language", views_frame.language, name="language"),
    path("theme", views_frame.theme, name="theme"),
    path("search", views_frame.search, name="search"),
    path("help", views_help.help_index, name="help"),
    path("help/<slug:page>", views_help.help_page, name="help_page"),
    path("inline/<slug:kind>/<int:key>/<slug:name>", views_frame.inline, name="inline"),
]
