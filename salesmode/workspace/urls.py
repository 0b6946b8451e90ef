"""The addresses of the workspace."""

from salesmode.workspace import urls_frame

app_name = "workspace"
urlpatterns = [*urls_frame.urlpatterns]
