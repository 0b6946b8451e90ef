"""The addresses of imports and exports."""

from django.urls import path

from salesmode.exchange import views, views_export

app_name = "exchange"
urlpatterns = [
    path("import", views.imports, name="imports"),
    path("import/new", views.start, name="start_import"),
    path("import/<int:import_id>", views.show, name="import"),
    path("import/<int:import_id>/preview", views.show_preview, name="preview"),
    path("import/<int:import_id>/run", views.run, name="run_import"),
    path("import/<int:import_id>/cancel", views.cancel, name="cancel_import"),
    path("import/<int:import_id>/progress", views.progress, name="import_progress"),
    path("import/<int:import_id>/errors.<slug:form>", views.failed_rows, name="failed_rows"),
    path("import/<int:import_id>/map.json", views.saved_map, name="saved_map"),
    path("export", views_export.export, name="export"),
]
