-- facts/deal_outcomes.sql: one row for each deal that was decided, and one with deals = -1 for each decision taken back, dated as the decision was.
select case when name = 'deal.reopened' then local_time(facts->>'former_decided_at') else local_at end as local_at,
       (facts->>'deal_id')::bigint as deal_id,
       (case when name = 'deal.reopened' then -1 else 1 end)::tinyint as deals,
       case when name = 'deal.reopened' then facts->>'former_outcome' = 'won' else name = 'deal.won' end as is_won,
       (case when name = 'deal.reopened' then -1 else 1 end * (facts->>'company_amount')::decimal(18, 3))::decimal(18, 3) as amount,
       epoch(happened_at - (facts->>'opened_at')::timestamptz::timestamp) / 86400 as cycle_days,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       (facts->>'customer_id')::bigint as customer_id,
       (facts->>'process_id')::bigint as process_id, (facts->>'stage_id')::bigint as stage_id,
       (facts->>'product_id')::bigint as product_id, facts->>'source' as source,
       facts->>'province' as province, facts->>'industry' as industry,
       (facts->>'loss_reason_id')::bigint as loss_reason_id, (facts->>'closes_on')::date as closes_on
from new_events
where name in ('deal.won', 'deal.lost')
   or (name = 'deal.reopened' and facts->>'former_decided_at' is not null)
