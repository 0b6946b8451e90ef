-- facts/stage_entries.sql: one row for each time a deal entered a stage, by being opened in it or by moving there.
select local_at, event_id, (facts->>'deal_id')::bigint as deal_id, name = 'deal.opened' as is_opening,
       (facts->>'process_id')::bigint as process_id, (facts->>'stage_id')::bigint as stage_id,
       (facts->>'stage_position')::smallint as position, (facts->>'company_amount')::decimal(18, 3) as amount,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       (facts->>'customer_id')::bigint as customer_id, (facts->>'product_id')::bigint as product_id, facts->>'source' as source,
       facts->>'province' as province, facts->>'industry' as industry
from new_events
where name in ('deal.opened', 'deal.moved')
