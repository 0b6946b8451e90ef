-- facts/target_months.sql: one row for each month of each version of a target that was approved, and one with the opposite number for each month of the version that it replaced.
select (starts_on + to_months((place - 1)::integer))::timestamp as local_at, event_id, target_id, aim, unit,
       (sign * amount::decimal(20, 4))::decimal(20, 4) as amount, owner_id, team_id, product_id, province
from (
    select *, unnest(list) as amount, generate_subscripts(list, 1) as place
    from (
        select event_id, sign, from_json(case when sign > 0 then facts->'months' else facts->'former_months' end, '["VARCHAR"]') as list,
               (facts->>'starts_on')::date as starts_on, (facts->>'target_id')::bigint as target_id,
               facts->>'metric' as aim, facts->>'unit' as unit, (facts->>'owner_id')::bigint as owner_id,
               (facts->>'home_team_id')::bigint as team_id, (facts->>'product_id')::bigint as product_id,
               facts->>'region' as province
        from new_events cross join (select unnest([1, -1]) as sign) signs where name = 'target.approved'
    )
)
