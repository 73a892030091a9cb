"""Which addresses of mail destinations may be written to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.accounts.models import User
from tocsin.kit import crypto
from tocsin.kit.crypto import UndecryptableError
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.models import ConfirmedAddress, Destination
from tocsin.notifications.sealing import target_of

PURPOSE = "notified-address"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address that one team wants to write to."""

    team_id: int
    address: str


def hash_of(address: str) -> str:
    """Hash an address for keeping."""
    return crypto.keyed_hash(PURPOSE, address.lower())


def mailboxes_of(destination: Destination) -> list[Mailbox]:
    """Return the addresses of a destination; none for a channel without any."""
    if destination.channel != ChannelKind.EMAIL:
        return []
    try:
        addresses = target_of(destination).addresses
    except UndecryptableError:
        return []
    return [Mailbox(destination.team_id, each) for each in addresses]


def confirmed(wanted: Iterable[Mailbox]) -> set[Mailbox]:
    """Keep the addresses of verified members, and those that said yes. At most two queries."""
    left = set(wanted)
    if not left:
        return set()
    known = _of_members(left)
    return known | _that_said_yes(left - known)


def _of_members(wanted: set[Mailbox]) -> set[Mailbox]:
    members = User.objects.filter(
        email__in={each.address.lower() for each in wanted},
        email_verified_at__isnull=False,
        is_active=True,
        memberships__team_id__in={each.team_id for each in wanted},
    ).values_list("memberships__team_id", "email")
    found = set(members)
    return {each for each in wanted if (each.team_id, each.address.lower()) in found}


def _that_said_yes(wanted: set[Mailbox]) -> set[Mailbox]:
    if not wanted:
        return set()
    by_hash: Mapping[tuple[int, str], Mailbox] = {
        (each.team_id, digest): each
        for each in wanted
        for digest in crypto.keyed_hashes(PURPOSE, each.address.lower())
    }
    rows = ConfirmedAddress.objects.filter(
        team_id__in={team_id for team_id, _ in by_hash},
        address_hash__in={digest for _, digest in by_hash},
        confirmed_at__isnull=False,
    ).values_list("team_id", "address_hash")
    return {by_hash[key] for key in rows if key in by_hash}
