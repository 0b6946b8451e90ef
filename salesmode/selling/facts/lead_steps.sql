-- facts/lead_steps.sql: one row for each step of a lead: created, claimed, responded, converted or rejected; with the hours since it came.
select local_at, (facts->>'lead_id')::bigint as lead_id, split_part(name, '.', 2) as step,
       local_time(facts->>'created_at') as created_at,
       epoch(happened_at - (facts->>'created_at')::timestamptz::timestamp) / 3600 as hours,
       (facts->>'deal_id')::bigint as deal_id, (facts->>'customer_id')::bigint as customer_id,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id, facts->>'source' as source
from new_events
where name in ('lead.created', 'lead.claimed', 'lead.responded', 'lead.converted', 'lead.rejected')
