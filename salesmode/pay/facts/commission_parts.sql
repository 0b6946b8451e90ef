-- facts/commission_parts.sql: one row for each month and rule that a posting to somebody's ledger moved, and one for each correction agreed by hand; whose it was stays with the ledger, so nobody reads pay out of it.
select (part[1])::timestamp as local_at, part[2] as rule, (part[3])::decimal(18, 3) as amount, null::bigint as owner_id
from (
    select unnest(case when name = 'statement.answered' then [[strftime(date_trunc('month', local_at), '%Y-%m-%d'), 'correction', facts->>'corrected']]::varchar[][]
                       else from_json(facts->'parts', '[["VARCHAR"]]') end) as part
    from new_events
    where name = 'pay_account.posted' or (name = 'statement.answered' and facts->>'corrected' is not null)
)
