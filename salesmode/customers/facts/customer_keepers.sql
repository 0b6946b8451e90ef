-- facts/customer_keepers.sql: one row for each event after which somebody else, or nobody, may own a customer.
select local_at, event_id, (facts->>'customer_id')::bigint as customer_id, (facts->>'owner_id')::bigint as owner_id
from new_events
where name in ('customer.created', 'customer.handed_over', 'customer.claimed', 'customer.released', 'customer.merged')
