"""The history of a company that was written at once: the events which its records must have come from."""

# The SQL put together here is source code.
# ruff: noqa: S608

from django.db import connection

_INSERT = "insert into kernel_eventrecord (name, subject_kind, subject_id, related, actor_id, happened_at, facts)"

_CUSTOMERS = f"""
{_INSERT}
select 'customer.created', 'customer', customer.id, array['customer:' || customer.id], coalesce(owner_id, %(system)s),
       customer.created_at,
       jsonb_build_object('customer_id', customer.id, 'owner_id', owner_id, 'team_id', owner.team_id, 'type', type,
           'source', source, 'industry', industry, 'province', province, 'grade', grade, 'imported', true)
from customers_customer customer left join people_person owner on owner.id = owner_id
order by customer.id
"""

_INTERACTIONS = f"""
{_INSERT}
select 'interaction.logged', 'interaction', talk.id,
       array['interaction:' || talk.id, 'customer:' || customer_id, 'contact:' || contact_id], by_id, happened_at,
       jsonb_build_object('interaction_id', talk.id, 'customer_id', customer_id, 'contact_id', contact_id,
           'about_kind', '', 'by_id', by_id, 'owner_id', owner_id, 'team_id', author.team_id, 'channel', channel,
           'is_inbound', false, 'occurred_at', happened_at)
from customers_interaction talk join people_person author on author.id = by_id
order by talk.id
"""

# One row a stay; how the deal counted in the stage before is what it takes away from the pipeline.
_STEPS = f"""
{_INSERT}
select case when former is null then 'deal.opened' else 'deal.moved' end, 'deal', deal_id, related, owner_id,
       entered_at,
       state || jsonb_build_object('stage_id', stage_id, 'stage_position', position, 'category', category,
           'probability', probability, 'outcome', 'open', 'former', former)
       || case when former is null then '{{}}'::jsonb
               else jsonb_build_object('from_stage_id', former->'stage_id', 'entered_at', former_entered_at) end
from (
    select steps.*, lag(standing) over deal as former, lag(entered_at) over deal as former_entered_at
    from (
        select stay.deal_id, stay.entered_at, stay.stage_id, stage.position, stage.category, stage.probability,
               deal.owner_id, deal.state, deal.related,
               deal.standing || jsonb_build_object('stage_id', stay.stage_id, 'category', stage.category,
                   'probability', stage.probability) as standing
        from selling_dealstay stay join selling_stage stage on stage.id = stay.stage_id join told deal using (deal_id)
    ) steps
    window deal as (partition by deal_id order by entered_at, position)
) walked
order by deal_id, entered_at
"""

_DECISIONS = f"""
{_INSERT}
select 'deal.' || outcome, 'deal', deal_id, related, owner_id, decided_at,
       state || jsonb_build_object('stage_id', stage_id, 'stage_position', position, 'category', category,
           'probability', deal_probability, 'outcome', outcome, 'entered_at', stage_entered_at,
           'loss_reason_id', loss_reason_id, 'former', standing || jsonb_build_object('stage_id', stage_id,
               'category', category, 'probability', probability))
from told where decided_at is not null
order by deal_id
"""

_TOLD = """
create temporary table told on commit drop as
select deal.id as deal_id, deal.owner_id, deal.outcome, deal.decided_at, deal.stage_id, deal.stage_entered_at,
       deal.loss_reason_id, deal.probability as deal_probability, stage.position, stage.category, stage.probability,
       array['deal:' || deal.id, 'customer:' || deal.customer_id, 'contact:' || deal.contact_id] as related,
       standing, standing || jsonb_build_object('deal_id', deal.id, 'contact_id', deal.contact_id,
           'account_owner_id', deal.account_owner_id, 'team_id', owner.team_id, 'process_id', deal.process_id,
           'amount', deal.amount, 'currency', deal.currency, 'opened_at', deal.opened_at,
           'province', customer.province, 'industry', customer.industry) as state
from selling_deal deal
join selling_stage stage on stage.id = deal.stage_id
join people_person owner on owner.id = deal.owner_id
join customers_customer customer on customer.id = deal.customer_id
join selling_dealline line on line.deal_id = deal.id,
lateral (select jsonb_build_object('owner_id', deal.owner_id, 'company_amount', deal.company_amount,
             'closes_on', deal.closes_on, 'source', deal.source, 'product_id', line.product_id,
             'customer_id', deal.customer_id) as standing) standings
"""


def record_history(*, system_id: int) -> int:
    """Write down what must have happened, without telling anybody: it is long over. Returns how many events."""
    written = 0
    with connection.cursor() as cursor:
        cursor.execute(_TOLD)
        cursor.execute("analyze told")
        for statement in (_CUSTOMERS, _INTERACTIONS, _STEPS, _DECISIONS):
            cursor.execute(statement, {"system": system_id} if "%(" in statement else None)
            written += cursor.rowcount
    return written
