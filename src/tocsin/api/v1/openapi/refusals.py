"""What an operation may answer instead of what was asked, each code with a real body.

The bodies come from the gates and the renderers themselves: nothing is written down twice.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.http import HttpResponse

from tocsin.access import failures
from tocsin.access.gates import Standing, Verdict, judge
from tocsin.access.permissions import Permission
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.roles import Role
from tocsin.access.scopes import Scope
from tocsin.api import responses
from tocsin.api.v1.openapi.examples import invalid
from tocsin.kit.errors import InvalidInput
from tocsin.kit.throttle import Quota

_TEAM = 1
_BARE = Principal(kind=PrincipalKind.PERSONAL_TOKEN, user_id=1, scopes=frozenset())
_FULL = replace(_BARE, scopes=frozenset(Scope))
_QUOTA = Quota(limit=120, remaining=0, reset=1795510920, retry_after=17)


class Error(msgspec.Struct):
    """Any answer that is not a success. Some codes add fields of their own.

    `required_scope` comes with `insufficient_scope`, `required_permission` with
    `permission_denied`, `errors` (dotted field → messages) with `validation_failed`.
    """

    message: str
    code: str
    required_scope: str | msgspec.UnsetType = msgspec.UNSET
    required_permission: str | msgspec.UnsetType = msgspec.UNSET
    errors: dict[str, list[str]] | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides which refusals an operation knows."""

    name: str
    method: str
    scope: Scope | None
    permission: Permission | None
    needs_plan: bool
    takes_body: bool
    names_something: bool  # in its path or its query: something that may not be there


@dataclass(frozen=True, slots=True)
class Refusal:
    """One code under one status: when it is answered, and the body."""

    status: int
    code: str
    when: str
    body: Mapping[str, Any]


def refusals(facts: Facts) -> list[Refusal]:
    """List what an operation may refuse with, in the order in which it is asked."""
    return [
        *_of_credential(),
        *(_refusal(verdict, when) for verdict, when in _of_gates(facts)),
        _read(responses.rate_limited(_QUOTA), "More requests than the limits let through."),
        *_of_body(facts),
        _invalid(facts),
        *_of_state(facts),
        _read(responses.server_error(), "Our fault; the log knows more under the request's id."),
    ]


def _of_credential() -> Iterator[Refusal]:
    for failure, when in (
        (failures.NOTHING_SENT, "Gate 1: no token was sent."),
        (failures.INVALID, "Gate 1: there is no such token, or its owner is disabled."),
        (failures.EXPIRED, "Gate 1: the token has expired."),
        (failures.REVOKED, "Gate 1: the token was revoked."),
    ):
        yield _read(responses.unauthenticated(failure), when)


def _of_gates(facts: Facts) -> Iterator[tuple[Verdict, str]]:
    yield (
        judge(replace(_FULL, email_verified=False)),
        "Gate 2: the owner's address is not verified.",
    )
    if facts.scope is not None:
        yield judge(_BARE, scope=facts.scope), "Gate 3: the token lacks the scope."
    if facts.names_something:
        yield _of_team(facts, None), "Gate 4: there is no such thing, or it is another team's."
    if facts.permission is None:
        return
    open_team = Standing(_TEAM, Role.VIEWER, requires_two_factor=False, plan_active=True)
    for standing, when in (
        (
            replace(open_team, requires_two_factor=True),
            "Gate 5: the team requires two-factor authentication, which the owner lacks.",
        ),
        (replace(open_team, plan_active=False), "Gate 6: the team's plan is inactive."),
        (open_team, "Gate 7: the owner's role lacks the permission."),
    ):
        verdict = _of_team(facts, standing)
        if not verdict.allowed:
            yield verdict, when


def _of_team(facts: Facts, standing: Standing | None) -> Verdict:
    return judge(_FULL, permission=facts.permission, standing=standing, needs_plan=facts.needs_plan)


def _of_body(facts: Facts) -> Iterator[Refusal]:
    if not facts.takes_body:
        return
    too_large = responses.error(413, "payload_too_large", "The body is too large.")
    yield _read(too_large, "The body has more than 1 MiB.")
    other = responses.error(415, "unsupported_media_type", "Send the body as application/json.")
    yield _read(other, "The body is not sent as `application/json`.")
    unreadable = responses.error(400, "invalid_json", "The body is not JSON.")
    yield _read(unreadable, "The body is not JSON.")


def _invalid(facts: Facts) -> Refusal:
    error = InvalidInput(invalid.errors_of(facts.name))
    return _read(
        responses.invalid(str(error), error.errors), "A field or parameter cannot be used."
    )


def _of_state(facts: Facts) -> Iterator[Refusal]:
    for status, code, message, when in invalid.STATES.get(facts.name, ()):
        yield _read(responses.error(status, code, message), when)
    if facts.method == "POST":
        message = "This Idempotency-Key was sent with another request before."
        conflict = responses.error(409, "conflict", message)
        yield _read(conflict, "The Idempotency-Key belongs to another request.")


def _refusal(verdict: Verdict, when: str) -> Refusal:
    return _read(responses.refused(verdict), when)


def _read(response: HttpResponse, when: str) -> Refusal:
    body = json.loads(response.content)
    return Refusal(response.status_code, body["code"], when, body)
