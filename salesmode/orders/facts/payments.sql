-- facts/payments.sql: one row for each payment received, and one with the opposite amount for each that was taken back.
select (facts->>'received_on')::timestamp as local_at, (facts->>'payment_id')::bigint as payment_id,
       (facts->>'order_id')::bigint as order_id, (facts->>'company_amount')::decimal(18, 3) as amount,
       facts->>'method' as method, (facts->>'customer_id')::bigint as customer_id,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id
from new_events
where name in ('payment.received', 'payment.reversed')
