"""The addresses of forecasts, pipeline changes and deal inspection."""

from django.urls import path

from salesmode.forecasts.views import changes

app_name = "forecasts"
urlpatterns = [
    path("pipeline/changes", changes.changes, name="changes"),
    path("pipeline/changes/deals", changes.changed_deals, name="changed_deals"),
    path("pipeline/then", changes.pipeline_then, name="pipeline_then"),
]
