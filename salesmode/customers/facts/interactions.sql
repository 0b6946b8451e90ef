-- facts/interactions.sql: one row for each contact with a customer, dated when it took place.
select local_time(facts->>'occurred_at') as local_at, (facts->>'interaction_id')::bigint as interaction_id,
       (facts->>'customer_id')::bigint as customer_id, facts->>'channel' as channel,
       (facts->>'is_inbound')::boolean as is_inbound, (facts->>'minutes')::integer as minutes,
       (facts->>'by_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       facts->>'customer_source' as source
from new_events
where name = 'interaction.logged'
