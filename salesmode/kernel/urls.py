"""The addresses of files and of the live channel."""

from django.urls import path

from salesmode.kernel import file_views, live_view

app_name = "kernel"
urlpatterns = [
    path("files/<int:file_id>", file_views.download, name="download"),
    path("files/<int:file_id>/detach", file_views.detach, name="detach_file"),
    path("files/on/<slug:kind>/<int:record_id>", file_views.attach, name="attach_file"),
    path("live", live_view.live, name="live"),
    path("live/poll", live_view.poll, name="live_poll"),
]
