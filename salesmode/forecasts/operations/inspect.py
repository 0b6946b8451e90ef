"""Look at open deals and keep what they should be warned of: set by set, in one statement, never deal by deal."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from salesmode.forecasts import queries
from salesmode.forecasts.models import StageExpectation
from salesmode.forecasts.models.inspection import Warn
from salesmode.kernel.prepared import prepared

# What has to be known of a deal is gathered from indexes of the deals looked at; thresholds come in as a small table.
_LOOK = """
with rules as (
    select * from jsonb_to_recordset(%(rules)s::jsonb) as rule(
        team_id bigint, red_flag int, overdue int, ghosted int, stalled int, no_activity int, no_decision_maker int,
        price_not_discussed int, few_contacts int, red_words text, price_words text)
),
looked as (
    select deal.id, deal.customer_id, deal.opened_at, deal.closes_on, deal.push_count, deal.company_amount,
           deal.stage_id, deal.stage_entered_at, rules.*
    from selling_deal deal
    join people_person person on person.id = deal.owner_id
    join rules on rules.team_id is not distinct from person.team_id
    where deal.outcome = 'open' {narrowed}
),
touched as (
    select looked.id as deal_id, said.happened_at, said.channel, said.is_inbound, lower(said.content) as content
    from looked join customers_interaction said on said.subject_kind = 'deal' and said.subject_id = looked.id
    union all
    select looked.id, said.happened_at, said.channel, said.is_inbound, lower(said.content)
    from looked join customers_interaction said on said.customer_id = looked.customer_id
    where said.subject_kind <> 'deal' and said.happened_at >= looked.opened_at
),
answered as (
    select deal_id, max(happened_at) as touched_at,
           max(happened_at) filter (where is_inbound or channel in ('call', 'visit', 'meeting')) as answered_at
    from touched group by deal_id
),
heard as (
    select touched.deal_id,
           count(*) filter (where channel in ('email', 'message') and not is_inbound
               and happened_at > coalesce(answered_at, '-infinity')) as unanswered,
           min(happened_at) filter (where channel in ('email', 'message') and not is_inbound
               and happened_at > coalesce(answered_at, '-infinity')) as unanswered_since,
           bool_or(content ~ price_words) as named_price,
           (array_agg(distinct substring(content from red_words)) filter (where content ~ red_words))[1:3] as red,
           max(touched_at) as touched_at
    from touched join answered using (deal_id) join looked on looked.id = touched.deal_id
    group by touched.deal_id
),
known as (
    select customer_id, count(*) as contacts, bool_or(is_decision_maker) as has_decider
    from customers_contact where left_at is null and customer_id in (select customer_id from looked)
    group by customer_id
),
weighed as (
    select looked.*, %(at)s::timestamptz as at, %(today)s::date as today,
           extract(epoch from %(at)s::timestamptz - coalesce(heard.touched_at, looked.opened_at)) / 86400 as quiet_days,
           extract(epoch from %(at)s::timestamptz - looked.opened_at) / 86400 as open_days,
           extract(epoch from %(at)s::timestamptz - looked.stage_entered_at) / 86400 as stage_days,
           extract(epoch from %(at)s::timestamptz - heard.unanswered_since) / 86400 as unanswered_days,
           heard.unanswered, heard.red, coalesce(heard.named_price, false) as named_price,
           coalesce(known.contacts, 0) as contacts, coalesce(known.has_decider, false) as has_decider,
           expected.days as expected_days, expected.deals as expected_of,
           looked.company_amount > 0
               or exists (select from orders_order ordered
                          where ordered.deal_id = looked.id and ordered.status <> 'cancelled')
               or exists (select from selling_dealline line where line.deal_id = looked.id) as has_price
    from looked
    left join heard on heard.deal_id = looked.id
    left join known on known.customer_id = looked.customer_id
    left join forecasts_stageexpectation expected on expected.stage_id = looked.stage_id
),
found as (
    select id, array_remove(array[
        case when red is not null or push_count >= red_flag then 'red_flag' end,
        case when today - closes_on > overdue then 'overdue' end,
        case when unanswered >= 2 and unanswered_days > ghosted then 'ghosted' end,
        case when expected_of >= stalled and stage_days > expected_days then 'stalled' end,
        case when quiet_days > no_activity then 'no_activity' end,
        case when open_days > no_decision_maker and not has_decider then 'no_decision_maker' end,
        case when open_days > price_not_discussed and not has_price and not named_price then 'price_not_discussed' end,
        case when contacts < few_contacts then 'few_contacts' end
    ], null) as codes,
    jsonb_strip_nulls(jsonb_build_object(
        'red', to_jsonb(red), 'pushes', push_count, 'late', today - closes_on, 'unanswered', unanswered,
        'unanswered_days', floor(unanswered_days), 'stage_days', floor(stage_days), 'expected', round(expected_days),
        'of', expected_of, 'quiet', floor(quiet_days), 'open', floor(open_days), 'contacts', contacts,
        'needed', few_contacts)) as figures
    from weighed
),
gone as (
    delete from forecasts_dealwarnings kept
    where {ours} and not exists (select from found where found.id = kept.deal_id and found.codes <> '{{}}')
)
insert into forecasts_dealwarnings (deal_id, codes, figures, checked_at)
select id, codes, figures, %(at)s from found where codes <> '{{}}'
on conflict (deal_id) do update
    set codes = excluded.codes, figures = excluded.figures, checked_at = excluded.checked_at
    where (forecasts_dealwarnings.codes, forecasts_dealwarnings.figures)
        is distinct from (excluded.codes, excluded.figures)
"""
# Working out how to answer this takes the server far longer than answering it for a few deals: it is prepared.
_LOOK_AT_ALL = _LOOK.format(narrowed="", ours="true")
_LOOK_AT_SOME = _LOOK.format(
    narrowed="and deal.id = any(%(deals)s::bigint[])", ours="kept.deal_id = any(%(deals)s::bigint[])"
)
_NEVER = 1_000_000_000


@transaction.atomic
def refresh_warnings(deals: Collection[int] | None = None, *, at: datetime) -> None:
    """Look at some open deals, or at all, and keep what they should be warned of, however often told."""
    values: dict[str, Any] = {"rules": json.dumps(_rules(at)), "at": at, "today": timezone.localdate(at)}
    if deals is not None:
        values["deals"] = list(deals)
    with prepared() as cursor:
        cursor.execute(_LOOK_AT_ALL if deals is None else _LOOK_AT_SOME, values)


@transaction.atomic
def learn_expectations(*, at: datetime) -> None:
    """Learn anew how long three of four won deals stay in each stage at most."""
    learnt = queries.stage_expectations()
    StageExpectation.objects.exclude(stage__in=[row.stage_id for row in learnt]).delete()
    StageExpectation.objects.bulk_create(
        learnt, update_conflicts=True, unique_fields=["stage"], update_fields=["days", "deals"]
    )


def _rules(at: datetime) -> list[dict[str, Any]]:
    """Return the thresholds of every team as rows; a warning that is off has one that nothing reaches."""
    table = []
    for team_id, rules in queries.rules_on(timezone.localdate(at)).items():
        row: dict[str, Any] = {code.value: rules.limits.get(code.value, _NEVER) for code in Warn}
        row["few_contacts"] = rules.limits.get(Warn.FEW_CONTACTS.value, 0)
        words = rules.red_words if rules.watches(Warn.RED_FLAG.value) else ()
        table.append(row | {"team_id": team_id, "red_words": _any_of(words), "price_words": _any_of(rules.price_words)})
    return table


def _any_of(words: Collection[str]) -> str | None:
    """Return a pattern that finds any of the words as they are; none finds nothing."""
    escaped = [
        "".join(f"\\{sign}" if not sign.isalnum() and not sign.isspace() else sign for sign in word) for word in words
    ]
    return "|".join(escaped) or None
