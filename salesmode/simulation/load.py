"""A company of any size at once, for benchmarks: written by the database itself, from a seed, with its history."""

# The SQL put together here is source code; only the keys of rows just made go into it.
# ruff: noqa: S608

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models, transaction
from psycopg import sql

from salesmode.customers.models import Contact, Customer, Interaction
from salesmode.kernel.models import EventRecord
from salesmode.kernel.search import Entry, index_many
from salesmode.people import operations as people
from salesmode.people.models import Person
from salesmode.selling.models import Deal, DealLine, DealStay
from salesmode.simulation import company, words
from salesmode.simulation.demo import PASSWORD, SEED
from salesmode.simulation.load_events import record_history

DAYS = 730
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Size:
    """How much there is: records of each kind, who sells, and the share of deals that are still open, in percent."""

    customers: int
    deals: int
    sellers: int = 40
    open_share: int = 25
    interactions: int = 2


SIZES = {
    "tiny": Size(400, 1_200, sellers=29),
    "S": Size(20_000, 60_000),
    "peers": Size(100_000, 200_000, open_share=45, interactions=1),
    "crowd": Size(20_000, 60_000, sellers=1_000),
    "M": Size(1_000_000, 1_000_000, sellers=500, interactions=1),
}


def load(
    size: Size, *, until: datetime, seed: int = SEED, language: str = "zh-hans", progress: Progress = lambda *done: None
) -> dict[str, int]:
    """Found a company and give it customers, contacts, deals, talks and events of two years, all or nothing.

    Returns how many records of each kind there are.
    """
    until = until.astimezone(ZoneInfo("Asia/Shanghai"))
    since = (until - timedelta(days=DAYS)).replace(hour=9, minute=0, second=0, microsecond=0)
    with transaction.atomic():
        cast = company.found(random=Random(seed), password=PASSWORD, language=language, at=since)
        _hire_more(cast, size.sellers, at=since)
        with connection.cursor() as cursor:
            cursor.execute("set local gin_pending_list_limit = '64MB'")
            cursor.execute("set local synchronous_commit = off")
        writer = _Writer(cast, size, seed=seed, since=since, until=until, progress=progress)
        made = {
            "customers": writer.customers(),
            "contacts": writer.contacts(),
            "deals": writer.deals(),
            "interactions": writer.interactions(),
        }
        made["events"] = record_history(system_id=cast.system.pk)
        progress("events", made["events"])
        made["search entries"] = index_many(_entries())
        progress("search entries", made["search entries"])
    with connection.cursor() as cursor:
        for model in (Customer, Contact, Deal, DealLine, DealStay, Interaction, EventRecord):
            cursor.execute(f"vacuum analyze {model._meta.db_table}")
        cursor.execute("vacuum analyze kernel_searchentry")
    return made


def _hire_more(cast: company.Cast, wanted: int, *, at: datetime) -> None:
    teams = [manager.team for manager in cast.managers.values()]
    for number in count(len(cast.sellers)):
        if number >= wanted:
            return
        seller = people.create_person(
            email=f"seller{number}@{company.DOMAIN}",
            name=f"{words.SURNAMES[number % len(words.SURNAMES)]}{words.GIVEN[number % len(words.GIVEN)]}",
            role=Person.Role.SELLER,
            team=teams[number % len(teams)],
            by=cast.system,
            at=at,
        )
        cast.sellers.append(seller)


class _Writer:
    """Writes all rows of one kind with one statement; what differs between rows follows from number and seed."""

    def __init__(
        self, cast: company.Cast, size: Size, *, seed: int, since: datetime, until: datetime, progress: Progress
    ) -> None:
        self.cast, self.size, self.seed, self.progress = cast, size, seed, progress
        self.since, self.until = since, until
        self.stages = list(cast.process.stages.order_by("position"))

    def any_number(self, salt: int, below: int) -> str:
        """Return an expression for a whole number from 0 that depends on the row's number alone."""
        return f"abs(mod(hashint8extended(n, {self.seed + salt}), {below}))"

    def one_of(self, salt: int, values: Sequence[Any], kind: str = "text") -> str:
        """Return an expression that chooses one of some values."""
        chosen = sql.Literal(list(values)).as_string(connection.connection)
        return f"({chosen}::{kind}[])[1 + {self.any_number(salt, len(values))}]"

    def moment(self, when: datetime) -> str:
        """Return a moment as the database reads it."""
        return f"timestamptz '{when.isoformat()}'"

    def spread(self, total: int) -> str:
        """Return an expression for moments spread evenly over the two years."""
        seconds = int((self.until - self.since).total_seconds())
        return f"{self.moment(self.since)} + make_interval(secs => {seconds}::float8 * n / ({total} + 1))"

    def customers(self) -> int:
        """Write customers; one of twenty waits in the pool."""
        industries = list(words.COMPANY_MIDDLE)
        places = [place for region in words.REGIONS.values() for place in region]
        middles = ["科技", "贸易", "电子", "机械", "医药", "食品", "物流", "信息技术", "新能源", "环保"]
        owners = [seller.pk for seller in self.cast.sellers]
        rows = f"""
            select n, {self.spread(self.size.customers)} as moment,
                   {self.one_of(1, [city.removesuffix("市") for _province, city in places])}
                   || {self.one_of(2, words.COMPANY_FRONT)} || {self.one_of(3, words.COMPANY_FRONT)}
                   || {self.one_of(4, middles)} || {self.one_of(5, words.COMPANY_END)} as name,
                   {self.one_of(1, [province for province, _city in places])} as province,
                   {self.one_of(1, [city for _province, city in places])} as city,
                   case when {self.any_number(6, 20)} > 0 then {self.one_of(7, owners, "bigint")} end as owner_id,
                   '1' || (3 + {self.any_number(8, 7)}) || lpad({self.any_number(9, 10**9)}::text, 9, '0') as phone
            from generate_series(1::bigint, {self.size.customers}) n
        """
        columns = {
            "name": "name",
            "name_key": "regexp_replace(lower(name), '(股份|集团)?(有限公司)$', '')",
            "owner_id": "owner_id",
            "owned_since": "case when owner_id is not null then moment end",
            "grade": self.one_of(10, "ABCD"),
            "industry": self.one_of(11, industries),
            "source": self.one_of(12, [source for source, *_rest in words.SOURCES]),
            "province": "province",
            "city": "city",
            "phone": "phone",
            "phone_key": "'+86' || phone",
            "last_interaction_at": f"moment + ({self.moment(self.until)} - moment) / 2",
            "next_contact_at": f"case when n % 3 = 0 and owner_id is not null then {self.moment(self.until)}"
            " + make_interval(days => (n % 40 - 8)::int) end",
        }
        return self._insert(Customer, columns, rows)

    def contacts(self) -> int:
        """Write somebody at each customer."""
        people_there = [surname + given for surname in words.SURNAMES[:30] for given in words.GIVEN[:20]]
        rows = "select id as n, id, owner_id, created_at as moment, phone from customers_customer"
        columns = {
            "customer_id": "id",
            "owner_id": "owner_id",
            "name": self.one_of(20, people_there),
            "title": self.one_of(21, words.TITLES),
            "mobile": "'139' || right(phone, 8)",
            "phone_key": "'+86139' || right(phone, 8)",
            "is_decision_maker": "n % 4 = 0",
        }
        return self._insert(Contact, columns, rows)

    def deals(self) -> int:
        """Write deals with one line each and their stays in the stages; returns how many."""
        rows = self._deal_rows()
        columns = {
            "title": f"left(customer_name, 8) || ' ' || {self.one_of(30, words.DEAL_WORDS)}",
            "customer_id": "customer_id",
            "contact_id": "contact_id",
            "owner_id": "owner_id",
            "account_owner_id": "account_owner_id",
            "process_id": str(self.cast.process.pk),
            "stage_id": self._of_stage("pk", "bigint"),
            "stage_entered_at": "moment + span * (reached - 1) / reached",
            "probability": "case fate when 'won' then 100 when 'lost' then 0 else "
            + self._of_stage("probability", "numeric")
            + " end",
            "category": self._of_stage("category", "text"),
            "amount": "amount",
            "company_amount": "amount",
            "currency": "'CNY'",
            "closes_on": "case when fate = 'open' then"
            f" ({self.moment(self.until)} + make_interval(days => (n % 150 - 30)::int))::date"
            " else (moment + span)::date end",
            "source": self.one_of(12, [source for source, *_rest in words.SOURCES]),
            "next_step": self.one_of(31, words.NEXT_STEPS),
            "outcome": "fate",
            "opened_at": "moment",
            "decided_at": "case when fate <> 'open' then moment + span end",
            "loss_reason_id": f"case when fate = 'lost' then"
            f" {self.one_of(32, [reason.pk for reason in self.cast.reasons], 'bigint')} end",
        }
        made = self._insert(Deal, columns, rows)
        line = {
            "deal_id": "id",
            "product_id": self.one_of(33, [product.pk for product in self.cast.products], "bigint"),
            "price": "amount",
            "amount": "amount",
            "position": "1",
        }
        self._insert(DealLine, line, "select id as n, id, amount, created_at as moment from selling_deal")
        stay = {"deal_id": "id", "stage_id": "stage_id", "entered_at": "entered_at", "left_at": "left_at"}
        self._insert(DealStay, stay, self._stay_rows())
        return made

    def _deal_rows(self) -> str:
        """Deals go to customers in turn; each has reached some stage in steps of ten to forty days."""
        owners = [seller.pk for seller in self.cast.sellers]
        fates = ["open"] * self.size.open_share
        decided = 100 - self.size.open_share
        fates += ["won"] * (decided * 11 // 20) + ["lost"] * (decided - decided * 11 // 20)
        return f"""
            select deal.*, customer.id as customer_id, customer.name as customer_name, contact.id as contact_id,
                   coalesce(customer.owner_id, other_owner_id) as owner_id, customer.owner_id as account_owner_id,
                   least(step * reached, {self.moment(self.until)} - moment) as span
            from (
                select n, {self.spread(self.size.deals)} as moment, {self.one_of(40, fates)} as fate,
                       {self.any_number(41, 5)} + 1 as reached, {self.one_of(42, owners, "bigint")} as other_owner_id,
                       make_interval(days => 10 + {self.any_number(43, 30)}::int) as step,
                       (1000 + {self.any_number(44, 900_000)})::numeric as amount
                from generate_series(1::bigint, {self.size.deals}) n
            ) deal
            join (select row_number() over (order by id) as place, * from customers_customer) customer
                on customer.place = 1 + n % {self.size.customers}
            join customers_contact contact on contact.customer_id = customer.id
        """

    def _stay_rows(self) -> str:
        """Read where deals have been from where they are: all stays of a deal last equally long."""
        stages = f"array{[stage.pk for stage in self.stages]}::bigint[]"
        return f"""
            select id as n, id, ({stages})[place] as stage_id, opened_at as moment,
                   opened_at + step * (place - 1) as entered_at,
                   case when place < reached then opened_at + step * place else decided_at end as left_at
            from (
                select *, coalesce((stage_entered_at - opened_at) / nullif(reached - 1, 0), interval '0') as step
                from (select id, opened_at, stage_entered_at, decided_at,
                             array_position({stages}, stage_id) as reached from selling_deal) deal
            ) deal, generate_series(1, reached) place
        """

    def interactions(self) -> int:
        """Write talks with the customers that somebody owns."""
        channels = list(words.TALK)
        rows = f"""
            select customer.id * {self.size.interactions} + turn as n, customer.id as customer_id, customer.owner_id,
                   contact.id as contact_id, customer.created_at + ({self.moment(self.until)} - customer.created_at)
                   * turn / ({self.size.interactions} + 1) as moment
            from customers_customer customer join customers_contact contact on contact.customer_id = customer.id
                 and customer.owner_id = contact.owner_id, generate_series(1, {self.size.interactions}) turn
        """
        columns = {
            "customer_id": "customer_id",
            "contact_id": "contact_id",
            "by_id": "owner_id",
            "owner_id": "owner_id",
            "channel": self.one_of(50, channels),
            "content": self.one_of(51, [text for texts in words.TALK.values() for text in texts]),
            "happened_at": "moment",
        }
        return self._insert(Interaction, columns, rows)

    def _of_stage(self, field: str, kind: str) -> str:
        values = [getattr(stage, field) for stage in self.stages]
        return f"({sql.Literal(values).as_string(connection.connection)}::{kind}[])[reached]"

    def _insert(self, model: type[models.Model], columns: Mapping[str, str], rows: str) -> int:
        """Write one row for each of `rows`, which give `n` and `moment`; columns not named have the model's default."""
        made = {**dict(_defaults(model)), **columns}
        names = ", ".join(connection.ops.quote_name(name) for name in made)
        with connection.cursor() as cursor:
            cursor.execute(
                f"insert into {model._meta.db_table} ({names}) select {', '.join(made.values())} from ({rows}) made"
            )
            written = cursor.rowcount
        self.progress(str(model._meta.verbose_name_plural), written)
        return written


def _defaults(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    for field in model._meta.concrete_fields:
        if field.primary_key or not field.column or field.db_default is not models.NOT_PROVIDED:
            continue
        if field.name in ("created_at", "updated_at"):
            yield field.column, "moment"
        elif not field.null:
            value = field.get_default() if field.has_default() else ""
            yield field.column, _literal(value)


def _literal(value: Any) -> str:
    if isinstance(value, dict | list):
        return "'{}'::jsonb" if isinstance(value, dict) else "'[]'::jsonb"
    plain = value if isinstance(value, bool | int | Decimal) else str(value)
    return sql.Literal(plain).as_string(connection.connection)


def _entries() -> Iterable[Entry]:
    """Let customers and deals be found."""
    customers = Customer.objects.order_by("id").values_list("id", "name", "industry", "city", "phone", "owner_id")
    for pk, name, industry, city, phone, owner_id in customers.iterator(5_000):
        yield Entry(
            "customer",
            pk,
            name,
            subtitle=f"{industry} · {city}",
            text=phone,
            owner_id=owner_id,
            is_for_everyone=owner_id is None,
            url=f"/customers/{pk}",
        )
    deals = Deal.objects.order_by("id").values_list("id", "title", "customer__name", "owner_id", "account_owner_id")
    for pk, title, customer, owner_id, account_owner_id in deals.iterator(5_000):
        yield Entry(
            "deal",
            pk,
            title,
            subtitle=customer,
            owner_id=owner_id,
            account_owner_id=account_owner_id,
            url=f"/deals/{pk}",
        )
