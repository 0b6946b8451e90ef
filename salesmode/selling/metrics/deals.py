"""The numbers about the pipeline, and about what is won and lost."""

from django.utils.translation import gettext_lazy as _

from salesmode.analytics.metrics import Metric, Records, register
from salesmode.selling.metrics.decisions import DECIDED, OPENED, decided, pipeline

register(
    pipeline(
        "open_pipeline",
        _("Open pipeline"),
        _("What were the open deals worth at the end of the period?"),
        "sum(amount)",
        "money",
    ),
    pipeline(
        "weighted_pipeline",
        _("Weighted pipeline"),
        _("What were the open deals worth at the end of the period, each times its probability?"),
        "sum(weighted)",
        "money",
    ),
    pipeline(
        "open_deals", _("Open deals"), _("How many deals were open at the end of the period?"), "sum(deals)", "count"
    ),
    Metric(
        code="new_deals",
        label=_("New deals"),
        question=_("How many deals were opened in the period?"),
        unit="count",
        fact="stage_entries",
        where="is_opening",
        sql="count(*)",
        dimensions=DECIDED,
        records=OPENED,
        nothing_is_zero=True,
    ),
    decided(
        "won_amount",
        _("Won amount"),
        _("What are the deals worth that we won in the period?"),
        "sum(amount) filter (is_won)",
        "money",
        nothing_is_zero=True,
    ),
    decided(
        "won_count",
        _("Won deals"),
        _("How many deals did we win in the period?"),
        "sum(deals) filter (is_won)",
        "count",
        nothing_is_zero=True,
    ),
    decided(
        "lost_count",
        _("Lost deals"),
        _("How many deals did we lose in the period?"),
        "sum(deals) filter (not is_won)",
        "count",
        direction="lower",
        dimensions=(*DECIDED, "loss_reason"),
        records=Records("deal", {"outcome": ("lost",)}, dated_by="decided_at"),
        nothing_is_zero=True,
    ),
    decided(
        "lost_amount",
        _("Lost amount"),
        _("What were the deals worth that we lost in the period?"),
        "sum(amount) filter (not is_won)",
        "money",
        direction="lower",
        dimensions=(*DECIDED, "loss_reason"),
        records=Records("deal", {"outcome": ("lost",)}, dated_by="decided_at"),
        nothing_is_zero=True,
    ),
    decided(
        "win_rate",
        _("Win rate"),
        _("Of the deals decided in the period, what share did we win?"),
        "coalesce(sum(deals) filter (is_won), 0) / nullif(sum(deals), 0)",
        "ratio",
        records=Records("deal", {"outcome": ("won", "lost")}, dated_by="decided_at"),
    ),
    decided(
        "win_rate_value",
        _("Win rate by value"),
        _("Of the value decided in the period, what share did we win?"),
        "coalesce(sum(amount) filter (is_won), 0)::double / nullif(sum(amount), 0)::double",
        "ratio",
        records=Records("deal", {"outcome": ("won", "lost")}, dated_by="decided_at"),
    ),
    decided(
        "average_won_value",
        _("Average won value"),
        _("What was a deal worth that we won in the period, on average?"),
        "(sum(amount) filter (is_won))::double / nullif(sum(deals) filter (is_won), 0)",
        "money",
    ),
)
