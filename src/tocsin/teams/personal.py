"""What a team does when accounts come and go; hooked into `accounts` when the app is loaded."""

from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.access.roles import Role
from tocsin.accounts.models import User
from tocsin.kit.text import MAX_LINE
from tocsin.teams.actions.lifecycle import create_team, remove_team
from tocsin.teams.models import Team


def create_personal_team(principal: Principal, user: User) -> None:
    """Give a new user a team of their own."""
    suffix = "’s team"
    name = user.name[: MAX_LINE - len(suffix)] + suffix
    create_team(principal, owner_id=user.pk, name=name, personal=True)


def owned_teams_obstacle(user: User) -> str | None:
    """Say why an account cannot be deleted while it owns a team that is not the personal one."""
    owned = Team.objects.filter(
        memberships__user=user, memberships__role=Role.OWNER, personal_team=False
    ).values_list("name", flat=True)
    names = ", ".join(owned)
    if not names:
        return None
    sentence = gettext("You own %(names)s. Hand over or delete what you own first.")
    return sentence % {"names": names}


def remove_owned_teams(principal: Principal, user: User) -> None:
    """Remove the personal team of an account that is removed for good."""
    for team in Team.objects.filter(memberships__user=user, memberships__role=Role.OWNER):
        remove_team(principal, team)
