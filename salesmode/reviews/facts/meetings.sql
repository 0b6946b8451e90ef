-- facts/meetings.sql: one row for each meeting that was held or was not, dated on the day it was planned for.
select (facts->>'planned_on')::timestamp as local_at, (facts->>'meeting_id')::bigint as meeting_id,
       facts->>'kind' as kind, (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       (facts->>'person_id')::bigint as person_id, name = 'meeting.held' as is_held
from new_events
where name in ('meeting.held', 'meeting.missed')
