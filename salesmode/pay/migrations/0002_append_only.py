"""The ledger only grows, and never in a month that is closed: the database itself says so."""

from django.db import migrations

FORWARDS = """
create function pay_ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'Ledger entries are never changed or removed; post a reversal.' using errcode = 'restrict_violation';
end $$;
create trigger pay_ledger_is_append_only before update or delete on pay_ledgerentry
    for each row execute function pay_ledger_is_append_only();

create function pay_month_is_open() returns trigger language plpgsql as $$
declare closed date;
begin
    select closed_through into closed from pay_paysettings where id = 1 for share;
    if closed is not null and new.period <= closed then
        raise exception 'This month of pay is closed; post the entry in a later one.' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger pay_month_is_open before insert on pay_ledgerentry
    for each row execute function pay_month_is_open();

insert into pay_paysettings (id, closes_on_day, managers_see, version) values (1, 3, true, 1);
"""
BACKWARDS = """
drop trigger pay_month_is_open on pay_ledgerentry;
drop function pay_month_is_open();
drop trigger pay_ledger_is_append_only on pay_ledgerentry;
drop function pay_ledger_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("pay", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
