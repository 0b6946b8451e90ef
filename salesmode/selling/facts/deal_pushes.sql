-- facts/deal_pushes.sql: one row for each time the expected close of a deal was moved to a later day.
select local_at, (facts->>'deal_id')::bigint as deal_id,
       (facts->>'former_closes_on')::date as former_closes_on, (facts->>'closes_on')::date as closes_on,
       (facts->>'company_amount')::decimal(18, 3) as amount,
       (facts->>'process_id')::bigint as process_id, (facts->>'stage_id')::bigint as stage_id,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       (facts->>'product_id')::bigint as product_id, facts->>'source' as source,
       (facts->>'customer_id')::bigint as customer_id, facts->>'province' as province, facts->>'industry' as industry
from new_events
where name = 'deal.amended' and (facts->>'closes_on')::date > (facts->>'former_closes_on')::date
