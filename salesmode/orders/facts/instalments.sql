-- facts/instalments.sql: one row for each instalment of each plan agreed for an order; the last plan before a moment holds then.
-- A cancelled order is a plan of nothing, so its one row has no day and no amount.
select local_at, event_id, (facts->>'order_id')::bigint as order_id,
       (instalment[1])::date as due_on,
       ((instalment[2])::decimal(18, 3) * (facts->>'company_amount')::double / (facts->>'amount')::double)::decimal(18, 3) as amount,
       (facts->>'customer_id')::bigint as customer_id, (facts->>'owner_id')::bigint as owner_id,
       (facts->>'team_id')::bigint as team_id
from (
    select *, unnest(case when name = 'order.cancelled' then [[null, '0']]::varchar[][]
                          else from_json(facts->'instalments', '[["VARCHAR"]]') end) as instalment
    from new_events where name in ('order.signed', 'order.instalments_planned', 'order.cancelled')
)
