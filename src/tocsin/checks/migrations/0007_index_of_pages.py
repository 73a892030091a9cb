"""Let the index of a site's history hold all that a page is ordered by.

A deep page is then found in the index alone, instead of visiting every check that it passes over.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('checks', '0006_findings_and_progress'),
    ]

    operations = [
        migrations.RemoveIndex('check', 'check_history'),
        migrations.AddIndex(
            'check', models.Index(fields=['site', '-created_at', '-uuid', 'type'], name='check_pages')
        ),
    ]
