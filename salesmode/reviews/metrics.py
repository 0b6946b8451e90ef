"""The numbers about the rhythm of work."""

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import Metric, Records, register

WHOSE = ("team", "person", "month", "quarter")

register(
    Metric(
        code="meetings_held",
        label=_("Meetings held"),
        question=_("Of the pipeline reviews and one-to-ones planned for the period, what share was held?"),
        unit="ratio",
        fact="meetings",
        sql="count(*) filter (is_held) / nullif(count(*), 0)",
        dimensions=WHOSE,
        records=Records("meeting", dated_by="planned"),
    ),
    Metric(
        code="actions_on_time",
        label=_("Actions closed on time"),
        question=_("Of the actions due in the period, what share was closed by its day?"),
        unit="ratio",
        fact="actions",
        sql="sum(closed) / nullif(sum(due), 0)",
        dimensions=WHOSE,
        records=Records("meeting", dated_by="planned"),
    ),
    Metric(
        code="reports_on_time",
        label=_("Reports in time"),
        question=_("Of the reports of the period that were handed in, what share was in time?"),
        unit="ratio",
        fact="work_reports",
        sql="count(*) filter (not is_late) / nullif(count(*), 0)",
        dimensions=WHOSE,
        records=Records("work_report", dated_by="day"),
    ),
)
