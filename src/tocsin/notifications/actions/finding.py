"""Finding the destination that an action is about."""

from django.db.models import BigIntegerField
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.kit.errors import NotFound
from tocsin.notifications.models import Destination


def locked(principal: Principal, team_id: int, destination_id: int) -> Destination:
    """Return a destination of the team whose gates were asked, and hold it. Raises NotFound."""
    found = None
    if destination_id <= BigIntegerField.MAX_BIGINT:  # databases cannot even compare with more
        rows = Destination.objects.visible_to(principal).select_related("team")
        wanted = rows.filter(team_id=team_id, pk=destination_id)
        found = wanted.select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound(gettext("There is no such destination."))
    return found
