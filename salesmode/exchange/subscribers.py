"""Imports go on in the background, some rows at a time."""

import logging
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from salesmode.exchange import operations
from salesmode.exchange.events import ImportAdvanced, ImportRequested
from salesmode.exchange.models import ImportRun
from salesmode.kernel.events import on
from salesmode.kernel.refusals import Refusal

log = logging.getLogger(__name__)


@on(ImportRequested, ImportAdvanced)
def bring_in_the_next_rows(event: ImportRequested | ImportAdvanced, *, at: datetime) -> None:
    """Bring in what comes after the row that was reached; told twice, it does nothing the second time."""
    run = ImportRun.objects.get(pk=event.import_id)
    if run.is_attended or not run.is_active or run.reached != event.reached:
        return
    people = get_user_model().objects
    system = people.system()
    # What stops it is told to whoever asked for it.
    with translation.override(people.get(pk=run.by_id).reads):
        try:
            with transaction.atomic():
                operations.advance_import(run, by=system, at=at)
        except Refusal as refusal:
            operations.fail_import(run, str(refusal.message), by=system, at=at)
        except Exception:
            log.exception("import_failed", extra={"import_id": run.pk})
            said = _("Something went wrong that is not the file's fault. Go on once it is put right.")
            operations.fail_import(run, said, by=system, at=at)
