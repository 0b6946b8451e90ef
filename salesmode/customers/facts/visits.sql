-- facts/visits.sql: one row for each visit that took place, dated when it began.
select local_time(facts->>'began_at') as local_at, (facts->>'visit_id')::bigint as visit_id,
       (facts->>'customer_id')::bigint as customer_id, (facts->>'owner_id')::bigint as owner_id,
       (facts->>'team_id')::bigint as team_id, facts->>'grade' as grade, (facts->>'minutes')::integer as minutes,
       (facts->>'was_planned')::boolean as was_planned, (facts->>'has_position')::boolean as has_position,
       (facts->>'distance_m')::double as distance_m, (facts->>'is_far')::boolean as is_far,
       nullif(facts->>'doubt', '') is not null as is_doubtful
from new_events
where name = 'visit.ended'
