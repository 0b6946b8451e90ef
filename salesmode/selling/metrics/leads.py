"""The numbers about leads."""

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import Metric, Records, register
from salesmode.selling.metrics.decisions import TIMES

register(
    Metric(
        code="new_leads",
        label=_("New leads"),
        question=_("How many leads came in during the period?"),
        unit="count",
        fact="lead_steps",
        through_customers=False,
        where="step = 'created'",
        sql="count(*)",
        dimensions=("team", "person", "source", *TIMES),
        records=Records("lead", dated_by="created_at"),
        nothing_is_zero=True,
    ),
    Metric(
        code="lead_conversion",
        label=_("Lead conversion"),
        question=_("Of the leads that came in during the period, what share has become a customer since?"),
        unit="ratio",
        reads=("lead_steps",),
        through_customers=False,
        source=(
            "select came.* exclude (owner_id, team_id), done.lead_id is not null as has_converted,"
            " coalesce(done.owner_id, came.owner_id) as owner_id, coalesce(done.team_id, came.team_id) as team_id"
            " from (select * from lead_steps where step = 'created') came"
            " left join (select * from lead_steps where step = 'converted') done using (lead_id)"
        ),
        sql="count(*) filter (has_converted) / nullif(count(*), 0)",
        dimensions=("team", "person", "source", *TIMES),
        records=Records("lead", dated_by="created_at"),
    ),
    Metric(
        code="first_response",
        label=_("Time to first response"),
        question=_("How many hours did half of the leads answered in the period wait for us at most?"),
        unit="hours",
        direction="lower",
        fact="lead_steps",
        through_customers=False,
        where="step = 'responded'",
        sql="median(hours)",
        dimensions=("team", "person", "source", *TIMES),
        records=Records("lead", dated_by="first_response_at"),
    ),
)
