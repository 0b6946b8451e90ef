from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('selling', '0002_deal_own_category'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='deal',
            index=models.Index(fields=['owner', 'stage', '-company_amount', '-id'], name='deal_by_owner_stage_amount'),
        ),
    ]
