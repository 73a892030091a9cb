"""Whether anybody would be told if something opened now."""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.access.principal import Principal
from tocsin.notifications.queries.destinations import DestinationView, destinations_alone


@dataclass(frozen=True, slots=True)
class Listeners:
    """A team's destinations by what would become of an opening.

    `hearing` would get it, and of those `failing` have not taken anything for a day. `unconfirmed`
    would get it if somebody had confirmed an address; `deaf` are off or want no openings.
    """

    hearing: Sequence[DestinationView]
    failing: Sequence[DestinationView]
    unconfirmed: Sequence[DestinationView]
    deaf: Sequence[DestinationView]

    @property
    def nobody(self) -> bool:
        """Tell whether nobody would be told, or only places that take nothing."""
        return len(self.hearing) == len(self.failing)


def listeners_of_team(principal: Principal, team_id: int) -> Listeners:
    """Tell who of a team's destinations would be told of an opening."""
    return listeners_among(destinations_alone(principal, team_id))


def listeners_among(destinations: Sequence[DestinationView]) -> Listeners:
    """Sort destinations by what would become of an opening; asks nothing of the database."""
    hearing = [each for each in destinations if each.hears_openings]
    unconfirmed = [each for each in destinations if each.enabled and not each.is_reachable]
    return Listeners(
        hearing=hearing,
        failing=[each for each in hearing if each.is_failing],
        unconfirmed=unconfirmed,
        deaf=[each for each in destinations if each not in hearing and each not in unconfirmed],
    )
