"""What the records that events are about are called, for the audit log."""

from django.utils.translation import gettext_lazy as _

from salesmode.kernel.lists import LISTINGS

# Kinds without a list of their own.
_CALLED = {
    "action": _("Agreed action"),
    "adoption": _("Adopted mode"),
    "alert_rule": _("Alert rule"),
    "badge": _("Badge"),
    "company": _("Company"),
    "company_import": _("Import of a company"),
    "credit_split": _("Credit shares"),
    "currency_rate": _("Exchange rate"),
    "custom_field": _("Own field"),
    "cycle": _("Submission cycle"),
    "display_choice": _("Columns of a list"),
    "effect": _("Measured effect"),
    "file": _("File"),
    "follow_up": _("Follow-up"),
    "forecast": _("Forecast"),
    "improvement_plan": _("Improvement plan"),
    "inspection": _("Deal inspection"),
    "invitation": _("Invitation"),
    "loss_reason": _("Loss reason"),
    "notification": _("Note in an inbox"),
    "pay_account": _("Pay account"),
    "pay_period": _("Pay period"),
    "pay_settings": _("Pay settings"),
    "practice": _("Adopted practice"),
    "process": _("Process"),
    "report_draft": _("Draft of a report"),
    "review_cycle": _("Review cycle"),
    "review_round": _("Review round"),
    "review_template": _("Review form"),
    "rhythm": _("Rhythm of work"),
    "target_sheet": _("Required target sheet"),
    "team": _("Team"),
    "token": _("Key for a program"),
    "view": _("Saved view"),
    "visit_plan": _("Visit plan"),
    "visit_rules": _("Visit rules"),
    "visit_type": _("Kind of visit"),
    "watch": _("Watch over individuals"),
}


def kind_called(kind: str) -> str:
    """Return what a kind of record is called in the reader's language."""
    return str(LISTINGS[kind].title if kind in LISTINGS else _CALLED.get(kind, kind))
