"""How many sites a team has, for its plan's limit."""

from django.db.models import OuterRef
from django.db.models.expressions import Combinable

from tocsin.sites.models import Site
from tocsin.teams.usage import Period, counted


def sites_of_team(_: Period) -> Combinable:
    """Count the sites of the outer query's team."""
    return counted(Site.objects.filter(team=OuterRef("pk")))
