"""The gates between a principal and what it asks for: one pure decision for every door.

Contract, section 1: the first gate that fails answers. Scopes never widen a role and a role never
widens a scope, because each is a gate of its own.
"""

from dataclasses import dataclass
from enum import IntEnum

from tocsin.access.permissions import (
    PLAN_FREE,
    READING,
    ROLE_PERMISSIONS,
    SCOPE_OF_PERMISSION,
    Permission,
)
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.roles import Role
from tocsin.access.scopes import Scope


class Gate(IntEnum):
    """The contract's numbers, in the order in which they are asked."""

    CREDENTIAL = 1
    EMAIL = 2
    SCOPE = 3
    MEMBERSHIP = 4
    TWO_FACTOR = 5
    PLAN = 6
    ROLE = 7


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a principal stands in one team, as far as the gates care."""

    team_id: int
    role: Role
    requires_two_factor: bool
    plan_active: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allowed, or which gate refused; `status` and `code` are what HTTP doors answer."""

    allowed: bool
    gate: Gate | None = None
    code: str = ""
    reason: str = ""
    status: int = 200
    required_scope: Scope | None = None
    required_permission: Permission | None = None


ALLOWED = Verdict(allowed=True, reason="Allowed.")
NOT_FOUND = Verdict(
    allowed=False,
    gate=Gate.MEMBERSHIP,
    code="not_found",
    reason="Not found.",
    status=404,
)
_INACTIVE = Verdict(
    allowed=False,
    gate=Gate.CREDENTIAL,
    code="invalid_token",
    reason="The account behind this credential is disabled.",
    status=401,
)
_UNVERIFIED = Verdict(
    allowed=False,
    gate=Gate.EMAIL,
    code="email_unverified",
    reason="Verify your email address first.",
    status=403,
)
_TWO_FACTOR = Verdict(
    allowed=False,
    gate=Gate.TWO_FACTOR,
    code="two_factor_required",
    reason="This team requires two-factor authentication.",
    status=403,
)
_PLAN = Verdict(
    allowed=False,
    gate=Gate.PLAN,
    code="plan_inactive",
    reason="The plan of this team is inactive.",
    status=402,
)


def judge(
    principal: Principal,
    *,
    permission: Permission | None = None,
    scope: Scope | None = None,
    standing: Standing | None = None,
    needs_plan: bool = True,
) -> Verdict:
    """Decide whether a principal may do something, and if not which gate refuses.

    With `permission` all gates are asked, and the scope follows from it; `standing` None means that
    there is no such team or the principal is not in it, which look the same. With `scope` alone,
    or neither, the thing belongs to no team and gates 1 to 3 decide. `needs_plan` False leaves
    gate 6 out.
    """
    if principal.kind is PrincipalKind.SYSTEM:
        return ALLOWED
    verdict = judge_credential(principal, permission=permission, scope=scope)
    if not verdict.allowed or permission is None:
        return verdict
    if standing is None:
        return NOT_FOUND
    if standing.requires_two_factor and not principal.has_two_factor:
        return _TWO_FACTOR
    if needs_plan and not standing.plan_active and _plan_gates(principal, permission):
        return _PLAN
    if permission not in ROLE_PERMISSIONS[standing.role]:
        return _lacks_permission(permission)
    return ALLOWED


def judge_credential(
    principal: Principal, *, permission: Permission | None = None, scope: Scope | None = None
) -> Verdict:
    """Ask gates 1 to 3 only, which need to know nothing of a team."""
    if principal.kind is PrincipalKind.SYSTEM:
        return ALLOWED
    if not principal.active:
        return _INACTIVE
    if not principal.email_verified:
        return _UNVERIFIED
    if permission is not None:
        scope = SCOPE_OF_PERMISSION[permission]
        if scope is None and principal.kind is not PrincipalKind.SESSION:
            return _session_only(permission)
    if scope is not None and not carries(principal, scope):
        return _lacks_scope(scope)
    return ALLOWED


def carries(principal: Principal, scope: Scope) -> bool:
    """Say whether the credential carries a scope; sessions carry all, the role decides there."""
    if principal.kind is PrincipalKind.SESSION:
        return True
    return principal.scopes is not None and scope in principal.scopes


def _plan_gates(principal: Principal, permission: Permission) -> bool:
    if permission in PLAN_FREE:
        return False
    return not (principal.kind is PrincipalKind.SESSION and permission in READING)


def _lacks_scope(scope: Scope) -> Verdict:
    return Verdict(
        allowed=False,
        gate=Gate.SCOPE,
        code="insufficient_scope",
        reason=f"This token lacks the scope {scope}.",
        status=403,
        required_scope=scope,
    )


def _session_only(permission: Permission) -> Verdict:
    return Verdict(
        allowed=False,
        gate=Gate.SCOPE,
        code="insufficient_scope",
        reason=f"{permission} needs a browser session; no token can carry it.",
        status=403,
        required_permission=permission,
    )


def _lacks_permission(permission: Permission) -> Verdict:
    return Verdict(
        allowed=False,
        gate=Gate.ROLE,
        code="permission_denied",
        reason=f"Your role in this team lacks the permission {permission}.",
        status=403,
        required_permission=permission,
    )
