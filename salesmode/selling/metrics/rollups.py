"""What the numbers about deals are rolled up by: owner and team, product and source, stage, and where customers are."""

from salesmode.analytics.rollups import register

OWNER, OFFER, STAGE = ("owner_id", "team_id"), ("product_id", "source"), ("process_id", "stage_id")
PLACE = ("province", "industry")

register("deal_outcomes", OWNER, OFFER, STAGE, PLACE, ("loss_reason_id",), flags=("is_won",), sums=("deals", "amount"))
register("deal_ledger", ("owner_id",), OFFER, (*STAGE, "category"), sums=("deals", "amount", "weighted"))
register("stage_entries", OWNER, OFFER, STAGE, PLACE, flags=("is_opening",))
register("deal_pushes", OWNER, OFFER, STAGE, PLACE)
register("lead_steps", OWNER, ("source",), flags=("step",))
