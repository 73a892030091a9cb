"""A team's checks in a few numbers, from the daily roll-ups."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tocsin.access.principal import Principal
from tocsin.checks.models import DailyRollup
from tocsin.checks.reports import percentage
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites import queries as sites


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """Automatic checks of all the team's sites; days and months are UTC.

    `uptime_percentage` is this month's, None where no status check came to a verdict. Of today,
    `checks` ran and `lost` slots did not.
    """

    uptime_percentage: float | None
    checks: int
    lost: int


def figures_of_team(principal: Principal, team_id: int) -> TeamFigures:
    """Sum up a team's checks. Two queries, however many sites."""
    today = clock.now().date()
    up, total = _this_month(_days(principal, team_id), today)
    ran, lost = _today(_days(principal, team_id), today)
    return TeamFigures(percentage(up, total), ran, lost)


def _days(principal: Principal, team_id: int) -> "QuerySet[DailyRollup]":
    return DailyRollup.objects.filter(site__in=sites.sites(principal, team_id=team_id))


def _this_month(days: "QuerySet[DailyRollup]", today: date) -> tuple[int, int]:
    month = days.filter(tool=Tool.STATUS.value, date__gte=today.replace(day=1), date__lte=today)
    sums = month.aggregate(ok=Coalesce(Sum("ok"), 0), failing=Coalesce(Sum("failing"), 0))
    return sums["ok"], sums["ok"] + sums["failing"]


def _today(days: "QuerySet[DailyRollup]", today: date) -> tuple[int, int]:
    # The tools are named because the index on (site, tool, date) serves only then.
    of_today = days.filter(Q(tool__in=list(Tool)), date=today)
    sums = of_today.aggregate(
        ran=Coalesce(Sum(F("ok") + F("failing") + F("unknown")), 0), lost=Coalesce(Sum("lost"), 0)
    )
    return sums["ran"], sums["lost"]
