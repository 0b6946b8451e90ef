"""Wire the apps' declarations when the program starts."""

import importlib
import importlib.util

from django.apps import AppConfig, apps

ROOMS = ("events", "subscribers", "schedule", "panels", "metrics", "sheets", "listings")


class KernelConfig(AppConfig):
    """The ground: events, jobs, locking, refusals, money, periods."""

    name = "salesmode.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Read what every app declares, so that registries are full before the first request."""
        importlib.import_module("salesmode.kernel.own_events")
        for app in apps.get_app_configs():
            if app.name.startswith("salesmode."):
                for room in ROOMS:
                    if importlib.util.find_spec(f"{app.name}.{room}"):
                        importlib.import_module(f"{app.name}.{room}")
