from django.db import migrations

COUNTED = """
create function kernel_counted(called text, per_seconds int) returns int[] language plpgsql as $$
declare
    found int[];
begin
    insert into kernel_ratecount as counted (bucket, window_at, count)
    select called, to_timestamp(floor(extract(epoch from clock_timestamp()) / per_seconds) * per_seconds), 1
    on conflict (bucket) do update set
        count = case when counted.window_at = excluded.window_at then counted.count + 1 else 1 end,
        window_at = excluded.window_at
    returning array[
        count, ceil(extract(epoch from window_at + make_interval(secs => per_seconds) - clock_timestamp()))::int
    ] into found;
    return found;
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_unlogged")]
    # A function, so that another question can count in the same breath.
    operations = [migrations.RunSQL(COUNTED, "drop function kernel_counted(text, int)")]
