-- facts/deal_ledger.sql: one row for each way an event changed the open pipeline: what a deal adds to it, or takes away.
-- The pipeline at any moment is the sum of all rows before it; a changed deal takes its former standing away and adds the new one.
with changes as (
    select event_id, local_at, (facts->>'deal_id')::bigint as deal_id, facts, facts->'former' as former
    from new_events
    where name in ('deal.opened', 'deal.amended', 'deal.moved', 'deal.won', 'deal.lost', 'deal.reopened', 'deal.handed_over')
)
select local_at, deal_id, 1::tinyint as deals,
       (facts->>'company_amount')::decimal(18, 3) as amount,
       ((facts->>'company_amount')::decimal(18, 3) * (facts->>'probability')::decimal(5, 2) / 100)::decimal(18, 5) as weighted,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'customer_id')::bigint as customer_id,
       (facts->>'process_id')::bigint as process_id, (facts->>'stage_id')::bigint as stage_id, facts->>'category' as category,
       (facts->>'product_id')::bigint as product_id, facts->>'source' as source, (facts->>'closes_on')::date as closes_on
from changes where facts->>'outcome' = 'open'
union all
select local_at, deal_id, -1::tinyint,
       -(former->>'company_amount')::decimal(18, 3),
       -((former->>'company_amount')::decimal(18, 3) * (former->>'probability')::decimal(5, 2) / 100)::decimal(18, 5),
       (former->>'owner_id')::bigint, (former->>'customer_id')::bigint,
       (facts->>'process_id')::bigint, (former->>'stage_id')::bigint, former->>'category',
       (former->>'product_id')::bigint, former->>'source', (former->>'closes_on')::date
from changes where former->>'owner_id' is not null
