"""Mails about destinations, to people."""

from collections.abc import Iterable

from django.conf import settings

from tocsin.access.roles import Role
from tocsin.accounts.queries import language_of_address
from tocsin.kit import mail
from tocsin.notifications.models import Destination
from tocsin.teams.models import Membership, Team

CONFIRMATION_PATH = "/destinations/confirm/{token}"
DESTINATIONS_PATH = "/teams/{team_id}/destinations"
RESPONSIBLE = (Role.OWNER.value, Role.ADMIN.value)


def send_confirmation(team: Team, address: str, token: str) -> None:
    """Ask an address whether it wants a team's mails; the only place where the token is told."""
    link = settings.BASE_URL + CONFIRMATION_PATH.format(token=token)
    mail.send(
        "notifications/email/confirm_address",
        address,
        {"team": team.name, "link": link},
        language=language_of_address(address),
    )


def send_failing(destination: Destination) -> None:
    """Tell the owner and the admins of a team that one of its destinations takes nothing."""
    context = {
        "team": destination.team.name,
        "channel": destination.get_channel_display,  # called in the reader's language
        "to": destination.masked,
        "label": destination.label,
        "since": destination.failing_since,
        "link": settings.BASE_URL + DESTINATIONS_PATH.format(team_id=destination.team_id),
    }
    for address, language in _responsible(destination.team):
        mail.send("notifications/email/destination_failing", address, context, language=language)


def _responsible(team: Team) -> Iterable[tuple[str, str]]:
    people = Membership.objects.filter(
        team=team,
        role__in=RESPONSIBLE,
        user__is_active=True,
        user__email_verified_at__isnull=False,
    )
    return people.order_by("pk").values_list("user__email", "user__language")
