"""From what happened to issues to what is owed, in one commit with it."""

from collections.abc import Sequence

from tocsin.issues.models import Transition
from tocsin.issues.vocabulary import TransitionKey
from tocsin.kit import clock
from tocsin.notifications.actions import escalating
from tocsin.notifications.actions.owing import owe, show
from tocsin.notifications.messages import MessageTransition
from tocsin.notifications.tellings import Telling, telling_of
from tocsin.sites.models import Site

TOLD = {
    TransitionKey.OPENED: MessageTransition.OPEN,
    TransitionKey.REOPENED: MessageTransition.OPEN,
    TransitionKey.RESOLVED: MessageTransition.RESOLVE,
}


def enqueue(transitions: Sequence[Transition]) -> None:
    """Owe transitions that alert to the destinations of their teams; `hooks.TRANSITIONED`.

    An acknowledgement, a manual resolve and the like are told to nobody and leave no row.
    """
    moved = [each for each in transitions if each.key in TOLD]
    if not moved:
        return
    rows = Site.objects.select_related("team__monitoring")
    sites = rows.in_bulk({each.issue.site_id for each in moved})
    tellings = [_telling(each, sites[each.issue.site_id]) for each in moved if each.alerts]
    if tellings:
        owe(tellings, clock.now())
        show(tellings)
    escalating.follow(moved, sites)


def _telling(transition: Transition, site: Site) -> Telling:
    return telling_of(
        transition.issue,
        site,
        TOLD[TransitionKey(transition.key)],
        key=f"transition:{transition.pk}",
        at=transition.at,
        check=transition.check_uuid,
    )
