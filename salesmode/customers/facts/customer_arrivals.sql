-- facts/customer_arrivals.sql: one row for each customer that we got to know.
select local_at, (facts->>'customer_id')::bigint as customer_id,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       facts->>'source' as source, facts->>'industry' as industry, facts->>'province' as province
from new_events
where name = 'customer.created'
