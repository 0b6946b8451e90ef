-- facts/follow_ups.sql: one row for each event after which the next contact with a customer, or whose customer it is, may be another.
select local_at, event_id, (facts->>'customer_id')::bigint as customer_id,
       local_time(case when name like 'interaction.%' then facts->>'planned_at' else facts->>'next_contact_at' end) as next_contact_at,
       (facts->>'owner_id')::bigint as owner_id
from new_events
where name in ('customer.created', 'customer.handed_over', 'customer.claimed', 'customer.released', 'customer.merged',
               'interaction.logged', 'interaction.amended', 'follow_up.scheduled')
  and facts->>'customer_id' is not null
union all
select local_at, event_id, (facts->>'merged_id')::bigint, null, null
from new_events where name = 'customer.merged'
