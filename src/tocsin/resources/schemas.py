"""What version 1 answers; contract, section 4. Additive changes only."""

from typing import Annotated, Generic, TypeVar

import msgspec

from tocsin.access.roles import Role
from tocsin.access.scopes import Scope
from tocsin.teams.limits import Limits

Item = TypeVar("Item")

# Described and not checked: what is answered was judged when it was stored.
Moment = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
Address = Annotated[str, msgspec.Meta(extra_json_schema={"format": "uri"})]


class Data(msgspec.Struct, Generic[Item], frozen=True):
    """One resource, or a list that has no pages."""

    data: Item


class User(msgspec.Struct, frozen=True):
    """Who the token belongs to. `role` is a job title, not a team role."""

    id: int
    name: str
    role: str | None
    email: str
    email_verified_at: Moment | None


class Team(msgspec.Struct, frozen=True):
    """A team; `role` is the caller's own."""

    id: int
    name: str
    personal_team: bool
    owner_id: int
    sites_count: int
    members_count: int
    role: Role
    limits: Limits
    created_at: Moment
    updated_at: Moment


class Me(msgspec.Struct, frozen=True):
    """The caller and all teams of theirs."""

    user: User
    teams: list[Team]


class Token(msgspec.Struct, frozen=True):
    """The token in use. `last_used_at` is coarse."""

    name: str
    scopes: list[Scope]
    expires_at: Moment
    last_used_at: Moment | None
