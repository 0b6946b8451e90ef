-- facts/stage_stays.sql: one row for each stay of a deal in a stage that ended, with its length.
select local_at, (facts->>'deal_id')::bigint as deal_id, (facts->>'process_id')::bigint as process_id,
       coalesce(facts->>'from_stage_id', facts->>'stage_id')::bigint as stage_id,
       epoch(happened_at - (facts->>'entered_at')::timestamptz::timestamp) / 86400 as days,
       (facts->>'owner_id')::bigint as owner_id, (facts->>'team_id')::bigint as team_id,
       (facts->>'product_id')::bigint as product_id, facts->>'source' as source,
       (facts->>'customer_id')::bigint as customer_id, facts->>'province' as province, facts->>'industry' as industry
from new_events
where name in ('deal.moved', 'deal.won', 'deal.lost')
