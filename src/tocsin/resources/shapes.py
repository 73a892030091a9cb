"""From what queries return to what version 1 answers."""

from tocsin.access.queries import TokenView
from tocsin.access.roles import Role
from tocsin.accounts.queries import UserView
from tocsin.resources import schemas
from tocsin.resources.moments import timestamp
from tocsin.teams.queries import TeamView


def user(view: UserView) -> schemas.User:
    """Shape a user."""
    verified_at = view.email_verified_at
    return schemas.User(
        id=view.id,
        name=view.name,
        role=view.role,
        email=view.email,
        email_verified_at=None if verified_at is None else timestamp(verified_at),
    )


def team(view: TeamView) -> schemas.Team:
    """Shape a team."""
    return schemas.Team(
        id=view.id,
        name=view.name,
        personal_team=view.personal_team,
        owner_id=view.owner_id,
        sites_count=view.sites_count,
        members_count=view.members_count,
        role=view.role or Role.VIEWER,
        limits=view.limits,
        created_at=timestamp(view.created_at),
        updated_at=timestamp(view.updated_at),
    )


def token(view: TokenView) -> schemas.Token:
    """Shape a token; never its value, which nobody has."""
    used_at = view.last_used_at
    return schemas.Token(
        name=view.name,
        scopes=list(view.scopes),
        expires_at=timestamp(view.expires_at),
        last_used_at=None if used_at is None else timestamp(used_at),
    )
