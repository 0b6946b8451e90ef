-- facts/work_reports.sql: one row for each report that was handed in, dated on the first day it is about.
select (facts->>'first')::timestamp as local_at, (facts->>'work_report_id')::bigint as work_report_id,
       facts->>'kind' as kind, (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       (facts->>'is_late')::boolean as is_late
from new_events
where name = 'work_report.submitted'
