"""Drop the indexes on `site` alone: on each of these tables another one begins with it.

Every check that is filed paid for them. By name, since altering the fields would make SQLite copy
the tables.
"""

import django.db.models.deletion
from django.db import migrations, models

TABLES = {
    "check": ("checks", "checks_check_site_id_2c5ff9ea"),
    "dailyrollup": ("rollups", "checks_dailyrollup_site_id_9926b882"),
    "gap": ("gaps", "checks_gap_site_id_b45f84b6"),
    "pasttimetable": ("past_timetables", "checks_pasttimetable_site_id_236d3a12"),
    "schedule": ("schedules", "checks_schedule_site_id_98a35932"),
}


def site(related_name):
    return models.ForeignKey(
        "sites.site", django.db.models.deletion.CASCADE, related_name=related_name, db_index=False
    )


class Migration(migrations.Migration):

    dependencies = [
        ('checks', '0003_manual_runs'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(model, "site", site(related_name))
                for model, (related_name, _) in TABLES.items()
            ],
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {index}",
                    f"CREATE INDEX {index} ON checks_{model} (site_id)",
                )
                for model, (_, index) in TABLES.items()
            ],
        ),
    ]
