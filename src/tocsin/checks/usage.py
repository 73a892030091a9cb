"""How many manual checks a team asked for this month, for its plan's limit."""

from django.db.models import OuterRef
from django.db.models.expressions import Combinable

from tocsin.checks.manual_models import ManualRun
from tocsin.teams.usage import Period, counted


def manual_checks_of_team(period: Period) -> Combinable:
    """Count what the outer query's team asked for since its calendar month (UTC) began."""
    return counted(ManualRun.objects.filter(team=OuterRef("pk"), asked_at__gte=period.month))
