"""What the parts of a waterfall are called, and what each holds."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STEP_NAMES = {
    "start": pgettext_lazy("the pipeline on the first day", "Start"),
    "new": pgettext_lazy("deals", "New"),
    "increased": _("Increased"),
    "decreased": _("Decreased"),
    "pulled_in": _("Pulled in"),
    "pushed_out": _("Pushed out"),
    "won": _("Won"),
    "lost": _("Lost"),
    "end": pgettext_lazy("the pipeline on the last day", "End"),
}
STEP_MEANINGS = {
    "start": _("Open at the end of the first day."),
    "new": _("Opened or reopened since, at what they were worth at the end or when they were decided."),
    "increased": _("Worth more than before, or come in from outside the filter: handed over, or another stage."),
    "decreased": _("Worth less than before, or gone out of the filter: handed over, or another stage."),
    "pulled_in": _("Their expected close moved into the closing period, or they were won in it; none without one."),
    "pushed_out": _("Their expected close moved out of the closing period; none without one."),
    "won": _("Won since, dated by the decision; a deal won and reopened again is open."),
    "lost": _("Lost since, dated by the decision."),
    "end": _("Open at the end of the last day."),
}
