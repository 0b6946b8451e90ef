-- facts/orders_signed.sql: one row for each order that was signed, and one with orders = -1 for each that was cancelled after it.
select (facts->>'signed_on')::timestamp as local_at, (facts->>'order_id')::bigint as order_id,
       (case when name = 'order.cancelled' then -1 else 1 end)::tinyint as orders,
       (case when name = 'order.cancelled' then -1 else 1 end * (facts->>'company_amount')::decimal(18, 3))::decimal(18, 3) as amount,
       (facts->>'customer_id')::bigint as customer_id, (facts->>'deal_id')::bigint as deal_id,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       (facts->>'product_id')::bigint as product_id
from new_events
where name in ('order.signed', 'order.cancelled') and facts->>'signed_on' is not null
