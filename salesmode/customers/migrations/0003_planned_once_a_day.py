from django.db import migrations, models


def call_off_what_is_planned_twice(apps, schema_editor):
    """Keep the earliest of several visits that somebody planned to a customer for the same day."""
    visit = apps.get_model("customers", "Visit")
    seen = set()
    for row in visit.objects.filter(status="planned").order_by("pk").only("owner_id", "customer_id", "planned_on"):
        key = (row.owner_id, row.customer_id, row.planned_on)
        if key in seen:
            visit.objects.filter(pk=row.pk).update(status="called_off")
        seen.add(key)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_visits"),
    ]

    operations = [
        migrations.RunPython(call_off_what_is_planned_twice, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "planned")),
                fields=("owner", "customer", "planned_on"),
                name="a_customer_is_planned_once_a_day",
            ),
        ),
    ]
