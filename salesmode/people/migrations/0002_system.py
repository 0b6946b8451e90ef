from django.db import migrations
from django.utils.timezone import now


def create_system(apps, schema_editor):
    moment = now()
    apps.get_model("people", "Person").objects.get_or_create(
        role="system",
        defaults={"email": "system@salesmode.invalid", "name": "Salesmode", "password": "!", "created_at": moment, "updated_at": moment},
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(create_system, migrations.RunPython.noop)]
