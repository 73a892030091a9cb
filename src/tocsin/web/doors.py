"""Who may come in: every view declares its door, and the gates of `access` decide.

A view without a declaration fails the build (tests/web/test_doors.py walks all routes). Views for
a team get a `Place` as their second argument.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from tocsin.access.gates import NOT_FOUND, Standing, Verdict, judge
from tocsin.access.permissions import Permission
from tocsin.access.principal import Principal
from tocsin.accounts.queries import session_principal
from tocsin.accounts.sessions import is_proof_fresh
from tocsin.teams import queries as teams
from tocsin.teams.queries import TeamView
from tocsin.web.refusals import refusal_page
from tocsin.web.way_in import to_sign_in

LAST_TEAM = "team"

View = Callable[..., HttpResponseBase]


class Door(StrEnum):
    """How far somebody must have come."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"  # also with an unverified address
    VERIFIED = "verified"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a view asks of whoever calls it; `sudo`: proof not older than 15 minutes."""

    door: Door
    permission: Permission | None = None
    sudo: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A person in one team: what team views work with."""

    principal: Principal
    team: TeamView
    teams: list[TeamView]
    standing: Standing

    @property
    def may(self) -> dict[str, bool]:
        """Say of every permission whether the gates let this person use it here."""
        return {
            str(permission): judge(
                self.principal, permission=permission, standing=self.standing
            ).allowed
            for permission in Permission
        }


def principal_of(request: HttpRequest) -> Principal:
    """Return who acts through this browser session; asked for once a request."""
    known: Principal | None = getattr(request, "principal", None)
    if known is None:
        known = session_principal(request.user)  # type: ignore[arg-type] # behind a door
        request.principal = known  # type: ignore[attr-defined]
    return known


def public(view: View) -> View:
    """Open a view to everybody."""
    return _declared(view, view, Declaration(Door.PUBLIC))


def signed_in(view: View) -> View:
    """Open a view to whoever is signed in, verified or not."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return _declared(guarded, view, Declaration(Door.SIGNED_IN))


def verified(*, sudo: bool = False, sign_in_counts: bool = False) -> Callable[[View], View]:
    """Open a view to whoever is signed in with a verified address.

    `sign_in_counts`: whoever has just signed in, as on the way to this view, has given fresh proof.
    """

    def decorate(view: View) -> View:
        inner = _with_fresh_proof(view, sign_in_counts=sign_in_counts) if sudo else view

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _turned_away(request) or inner(request, *args, **kwargs)

        return _declared(guarded, view, Declaration(Door.VERIFIED, sudo=sudo))

    return decorate


def in_team(
    permission: Permission, *, sudo: bool = False
) -> Callable[[Callable[Concatenate[HttpRequest, Place, ...], HttpResponseBase]], View]:
    """Open a view to members of the team that `team_id` names, who have a permission there."""

    def decorate(view: Callable[Concatenate[HttpRequest, Place, ...], HttpResponseBase]) -> View:
        def enter(request: HttpRequest, *, team_id: int, **kwargs: Any) -> HttpResponseBase:
            entered = _enter(request, team_id, permission)
            if isinstance(entered, HttpResponse):
                return entered
            return view(request, entered, **kwargs)

        inner = _with_fresh_proof(enter) if sudo else enter

        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            return _turned_away(request) or inner(request, **kwargs)

        return _declared(guarded, view, Declaration(Door.TEAM, permission, sudo))

    return decorate


def place_of(request: HttpRequest) -> Place | None:
    """Return the team that a request is in, else the one this person was in last.

    Who was in none since signing in comes to the first that watches sites: everybody has a personal
    team, but not everybody uses it.
    """
    entered: Place | None = getattr(request, "place", None)
    if entered is not None:
        return entered
    principal = principal_of(request)
    mine = teams.teams_of(principal)
    last = request.session.get(LAST_TEAM)
    preferred = sorted(mine, key=lambda team: (team.id != last, team.sites_count == 0))
    team = next(iter(preferred), None)
    return None if team is None else _place(principal, team, mine)


def _enter(request: HttpRequest, team_id: int, permission: Permission) -> Place | HttpResponse:
    principal = principal_of(request)
    mine = teams.teams_of(principal)
    team = next((each for each in mine if each.id == team_id), None)
    if team is None:
        raise Http404(NOT_FOUND.reason)
    place = _place(principal, team, mine)
    request.place = place  # type: ignore[attr-defined] # for the frame around the page
    verdict = judge(principal, permission=permission, standing=place.standing)
    if not verdict.allowed:
        return _refused(request, verdict)
    if request.session.get(LAST_TEAM) != team_id:
        request.session[LAST_TEAM] = team_id
    return place


def _place(principal: Principal, team: TeamView, mine: list[TeamView]) -> Place:
    if team.role is None:  # never so for a person's own teams
        raise Http404(NOT_FOUND.reason)
    standing = Standing(
        team_id=team.id,
        role=team.role,
        requires_two_factor=team.require_two_factor,
        plan_active=team.plan_active,
    )
    return Place(principal=principal, team=team, teams=mine, standing=standing)


def _turned_away(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return to_sign_in(request)
    verdict = judge(principal_of(request))
    if verdict.code == "email_unverified":
        return redirect("verify_email")
    return None if verdict.allowed else _refused(request, verdict)


def _refused(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    if verdict.status == NOT_FOUND.status:
        raise Http404(verdict.reason)
    return refusal_page(request, verdict)


def _with_fresh_proof(view: View, *, sign_in_counts: bool = False) -> View:
    def is_asked(request: HttpRequest) -> bool:
        seconds = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        return not (sign_in_counts and is_proof_fresh(request, seconds))

    required = reauthentication_required(app="allauth.account", enabled=is_asked)
    return required(view)  # type: ignore[no-any-return] # allauth has no types


def _declared(
    guarded: View, view: Callable[..., HttpResponseBase], declaration: Declaration
) -> View:
    guarded.declaration = declaration  # type: ignore[attr-defined]
    guarded.__name__ = view.__name__
    return guarded
