"""Asking addresses whether they want a team's mails, and their answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext

from tocsin.access.principal import SYSTEM, Principal
from tocsin.audit import actions as audit
from tocsin.kit import clock, crypto
from tocsin.kit.errors import Conflict, NotFound
from tocsin.notifications import mails
from tocsin.notifications.actions.finding import locked
from tocsin.notifications.addresses import PURPOSE, Mailbox, confirmed, hash_of, mailboxes_of
from tocsin.notifications.confirmations import asked_by, token_of
from tocsin.notifications.models import ConfirmedAddress, Destination
from tocsin.teams.models import Team

# An address that belongs to a stranger must not be flooded by whoever types it in.
ASKED_AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Which team's mails an address is asked about, or has agreed to."""

    team_name: str
    is_confirmed: bool


def ask(destination: Destination) -> int:
    """Mail a link to each address that did not agree yet; return to how many.

    Call inside the transaction that adds or edits the destination. One that was asked within the
    last minutes is not asked again.
    """
    boxes = mailboxes_of(destination)
    agreed = confirmed(boxes)
    return _ask(destination.team, (box for box in boxes if box not in agreed))


@transaction.atomic
def ask_again(principal: Principal, team_id: int, destination_id: int) -> int:
    """Mail the links of a destination again; return to how many addresses.

    Raises Conflict where nobody is left to ask, or was asked a moment ago; NotFound.
    """
    destination = locked(principal, team_id, destination_id)
    asked = ask(destination)
    if not asked:
        raise Conflict(
            gettext("Every address is confirmed, or was asked within the last five minutes.")
        )
    audit.record(principal, "destination.asked_again", f"destination:{destination.pk}", team_id)
    return asked


def find_confirmation(token: str) -> Confirmation:
    """Say what a mailed link is about, without confirming. Raises NotFound."""
    row = _by_token(token)
    return Confirmation(row.team.name, row.confirmed_at is not None)


@transaction.atomic
def confirm_address(token: str) -> Confirmation:
    """Let the address that got a link have the team's mails; a second time changes nothing.

    Whoever has the link may: it was mailed to that address alone. Raises NotFound for a link that
    is not ours or has expired.
    """
    row = _by_token(token)
    fresh = ConfirmedAddress.objects.filter(pk=row.pk, confirmed_at__isnull=True)
    if fresh.update(confirmed_at=clock.now()):
        audit.record(SYSTEM, "address.confirmed", f"address:{row.pk}", row.team_id)
    return Confirmation(row.team.name, is_confirmed=True)


def _ask(team: Team, boxes: Iterable[Mailbox]) -> int:
    now, asked = clock.now(), 0
    for box in boxes:
        row = _row_of(box)
        if row is None:
            row = ConfirmedAddress.objects.create(
                team=team, address_hash=hash_of(box.address), asked_at=now
            )
        elif row.asked_at > now - ASKED_AGAIN_AFTER:
            continue
        ConfirmedAddress.objects.filter(pk=row.pk).update(asked_at=now)
        mails.send_confirmation(team, box.address, token_of(row.pk, now))
        asked += 1
    return asked


def _row_of(box: Mailbox) -> ConfirmedAddress | None:
    hashes = crypto.keyed_hashes(PURPOSE, box.address.lower())
    rows = ConfirmedAddress.objects.filter(team=box.team_id, address_hash__in=hashes)
    return rows.order_by("-pk").first()


def _by_token(token: str) -> ConfirmedAddress:
    asked, rows = asked_by(token), ConfirmedAddress.objects.select_related("team")
    found = None if asked is None else rows.filter(pk=asked).first()
    if found is None:
        raise NotFound(gettext("This link is not valid, or has expired; ask for a new one."))
    return found
