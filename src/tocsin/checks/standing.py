"""Finding a check together with where somebody stands in its team."""

from typing import Any
from uuid import UUID

from django.db.models import F

from tocsin.access.gates import Standing
from tocsin.access.principal import Principal
from tocsin.checks.check_view import CheckView
from tocsin.checks.models import Check
from tocsin.checks.progress import followed, with_progress
from tocsin.teams.queries import standing_as


def check_and_standing(principal: Principal, uuid: UUID) -> tuple[CheckView, Standing] | None:
    """Return a check, and where the principal stands in its team. One query.

    None where it does not exist or is another team's; the system stands nowhere.
    """
    if principal.user_id is None:
        return None
    rows = with_progress(Check.objects.visible_to(principal)).select_related("site__team")
    role = F("site__team__memberships__role")
    found: Any = rows.annotate(own_role=role).filter(pk=uuid).first()
    if found is None:
        return None
    return followed(found), standing_as(found.site.team, found.own_role)
