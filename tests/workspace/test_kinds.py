"""What records are called in the audit log."""

from django.utils import translation

from salesmode.kernel.events import REGISTRY
from salesmode.workspace import queries


def test_every_kind_of_record_has_a_name_for_people():
    ours = {name.partition(".")[0] for name, event in REGISTRY.items() if event.__module__.startswith("salesmode.")}
    with translation.override("en"):
        assert [kind for kind, called in queries.event_kinds() if kind in ours and kind == called] == []
