"""The addresses of every page; each app keeps its own."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from salesmode.config import views
from salesmode.config.api import api

# Whoever tries to sign in, or asks for a password link, too often.
handler429 = views.too_many
handler500 = views.went_wrong
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("api/docs", views.api_docs, name="api_docs"),
    path("api/v1/", api.urls),
    path("accounts/", include("allauth.urls")),
    *(path("", include(f"salesmode.{app}.urls")) for app in settings.LOCAL_APPS if find_spec(f"salesmode.{app}.urls")),
]
