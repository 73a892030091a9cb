"""An index that has the order of a team's list, on PostgreSQL too."""

from typing import ClassVar

from django.db import migrations

from tocsin.sites.ordering import TeamListIndex


class Migration(migrations.Migration):
    """Replace the index whose unpinned sites came first on PostgreSQL."""

    dependencies: ClassVar = [("sites", "0002_team_monitoring"), ("teams", "0001_initial")]

    operations: ClassVar = [
        migrations.AddIndex(model_name="site", index=TeamListIndex(name="site_team_list")),
        migrations.RemoveIndex(model_name="site", name="site_team_order"),
    ]
