-- facts/payouts.sql: one row for each statement that was paid out; to whom stays with the statement.
select local_at, (facts->>'statement_id')::bigint as statement_id, (facts->>'amount')::decimal(18, 3) as amount,
       (facts->>'month')::date as month, null::bigint as owner_id
from new_events
where name = 'statement.settled'
