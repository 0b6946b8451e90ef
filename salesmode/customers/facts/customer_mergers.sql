-- facts/customer_mergers.sql: one row for each customer that was merged into another, and which one that was.
select local_at, event_id, (facts->>'merged_id')::bigint as merged_id, (facts->>'customer_id')::bigint as customer_id
from new_events
where name = 'customer.merged'
