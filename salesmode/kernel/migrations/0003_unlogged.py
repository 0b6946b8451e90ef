from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_cache")]
    operations = [
        migrations.RunSQL("alter table kernel_ratecount set unlogged", "alter table kernel_ratecount set logged"),
        # Names are mostly unlike each other: let the planner know the many common words.
        migrations.RunSQL(
            "alter table kernel_searchentry alter column words set statistics 1000", migrations.RunSQL.noop
        ),
    ]
