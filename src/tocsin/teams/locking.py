"""One writer a team at a time."""

from django.db.models import BigIntegerField
from django.utils.translation import gettext

from tocsin.kit.errors import NotFound
from tocsin.teams.models import Membership, Team


def locked_team(team_id: int) -> Team:
    """Return a team and hold it until the transaction ends. Raises NotFound.

    PostgreSQL locks the row. SQLite needs no more than the transaction: ours begin IMMEDIATE, so
    that only one writes at a time.
    """
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise no_such_team(team_id)
    return team


def no_such_team(team_id: int) -> NotFound:
    """Make the error of a team that is not there."""
    return NotFound(gettext("There is no team %(team)s.") % {"team": team_id})


def membership_of(team: Team, user_id: int) -> Membership:
    """Return somebody's membership. Raises NotFound."""
    membership = None
    if user_id <= BigIntegerField.MAX_BIGINT:  # databases cannot even compare with more
        membership = Membership.objects.filter(team=team, user_id=user_id).first()
    if membership is None:
        raise NotFound(gettext("This person is not a member of the team."))
    return membership
