"""The addresses of the workspace."""

from django.urls import path

from salesmode.workspace import (
    cockpit_views,
    urls_frame,
    views,
    views_import,
    views_settings,
    views_start,
    wall_views,
)

app_name = "workspace"
urlpatterns = [
    *urls_frame.urlpatterns,
    path("", views.today, name="today"),
    path("performance", cockpit_views.cockpit, name="cockpit"),
    path("performance/figures", cockpit_views.cockpit_figures, name="cockpit_figures"),
    path("performance/wall", wall_views.wall, name="wall"),
    path("performance/wall/figures", wall_views.wall_figures, name="wall_figures"),
    path("inbox", views.inbox, name="inbox"),
    path("inbox/bell", views.bell, name="bell"),
    path("inbox/read", views.read_notifications, name="read_notifications"),
    path("inbox/<int:notification_id>", views.open_notification, name="open_notification"),
    path("views/<slug:kind>/new", views.save_view, name="save_view"),
    path("views/<int:view_id>", views.amend_view, name="amend_view"),
    path("views/<int:view_id>/delete", views.delete_view, name="delete_view"),
    path("settings/company", views_settings.company, name="company"),
    path("settings/fields", views_settings.custom_fields, name="custom_fields"),
    path("settings/fields/new", views_settings.define_custom_field, name="define_custom_field"),
    path("settings/fields/<int:field_id>", views_settings.amend_custom_field, name="amend_custom_field"),
    path("settings/fields/<int:field_id>/retire", views_settings.retire_custom_field, name="retire_custom_field"),
    path("settings/audit", views_settings.audit, name="audit"),
    path("import/company", views_import.import_company, name="import_company"),
    path("import/company/<int:import_id>", views_import.company_import, name="company_import"),
    path("import/company/<int:import_id>/run", views_import.take_over_company, name="take_over_company"),
    path("setup", views_start.set_up, name="set_up"),
    path("begin", views_start.begin, name="begin"),
    path("begin/empty", views_start.start_empty, name="start_empty"),
]
