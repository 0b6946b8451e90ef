-- facts/deal_ledger.sql: one row for each way an event changed the open pipeline: what a deal adds to it, or takes away.
-- The pipeline at any moment is the sum of all rows before it; a changed deal takes its former standing away and adds the new one.
-- An amount that was let in before there was a largest one is worth an unknown part rather than stopping the loader.
select local_at, event_id, split_part(name, '.', 2) as step, (facts->>'deal_id')::bigint as deal_id, 1::tinyint as deals,
       (facts->>'company_amount')::decimal(18, 3) as amount,
       try_cast((facts->>'company_amount')::decimal(38, 3) * (facts->>'probability')::decimal(5, 2) * 0.01 as decimal(18, 5)) as weighted,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'customer_id')::bigint as customer_id,
       (facts->>'process_id')::bigint as process_id, (facts->>'stage_id')::bigint as stage_id, facts->>'category' as category,
       (facts->>'product_id')::bigint as product_id, facts->>'source' as source, (facts->>'closes_on')::date as closes_on
from new_events
where name in ('deal.opened', 'deal.amended', 'deal.moved', 'deal.won', 'deal.lost', 'deal.reopened', 'deal.handed_over')
  and (facts->>'outcome') = 'open'
union all
select local_at, event_id, split_part(name, '.', 2), (facts->>'deal_id')::bigint, -1::tinyint,
       -(facts->'former'->>'company_amount')::decimal(18, 3),
       -try_cast((facts->'former'->>'company_amount')::decimal(38, 3) * (facts->'former'->>'probability')::decimal(5, 2) * 0.01 as decimal(18, 5)),
       (facts->'former'->>'owner_id')::bigint, (facts->'former'->>'customer_id')::bigint,
       (facts->>'process_id')::bigint, (facts->'former'->>'stage_id')::bigint, facts->'former'->>'category',
       (facts->'former'->>'product_id')::bigint, facts->'former'->>'source', (facts->'former'->>'closes_on')::date
from new_events
where name in ('deal.amended', 'deal.moved', 'deal.won', 'deal.lost', 'deal.handed_over')
  and (facts->'former'->>'owner_id') is not null
