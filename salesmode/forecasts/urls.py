"""The addresses of forecasts, pipeline changes and deal inspection."""

from django.urls import path

from salesmode.forecasts.views import changes, forecast, inspection

app_name = "forecasts"
urlpatterns = [
    path("pipeline/forecast", forecast.forecast, name="forecast"),
    path("pipeline/forecast/submit", forecast.submit, name="submit"),
    path("pipeline/forecast/history", forecast.history, name="history"),
    path("pipeline/forecast/accuracy", forecast.accuracy, name="accuracy"),
    path("pipeline/changes", changes.changes, name="changes"),
    path("pipeline/changes/deals", changes.changed_deals, name="changed_deals"),
    path("pipeline/then", changes.pipeline_then, name="pipeline_then"),
    path("pipeline/inspection", inspection.inspection, name="inspection"),
    path("deals/<int:deal_id>/category", inspection.set_category, name="set_category"),
    path("settings/forecast", inspection.settings, name="settings"),
    path("settings/forecast/cycle", inspection.set_cycle, name="set_cycle"),
    path("settings/forecast/cycle/withdraw", inspection.withdraw_cycle, name="withdraw_cycle"),
    path("settings/forecast/inspection", inspection.set_inspection, name="set_inspection"),
    path("settings/forecast/inspection/withdraw", inspection.withdraw_inspection, name="withdraw_inspection"),
]
