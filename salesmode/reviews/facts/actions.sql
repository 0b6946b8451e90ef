-- facts/actions.sql: one row for each action that was agreed (+1), dated on the day it is due, and one for each that was dropped (-1) or finished.
select (facts->>'due_on')::timestamp as local_at, (facts->>'action_id')::bigint as action_id,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       case name when 'action.agreed' then 1 when 'action.dropped' then -1 else 0 end as due,
       case when name = 'action.finished' and not (facts->>'is_late')::boolean then 1 else 0 end as closed
from new_events
where name in ('action.agreed', 'action.finished', 'action.dropped')
