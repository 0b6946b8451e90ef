-- facts/visit_plans.sql: one row for each change of how often a customer is to be visited in a month, dated on its first day.
select (facts->>'month')::timestamp as local_at, (facts->>'customer_id')::bigint as customer_id,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id, facts->>'grade' as grade,
       (facts->>'planned')::integer - coalesce((facts->>'former')::integer, 0) as planned
from new_events
where name = 'visit_plan.set'
