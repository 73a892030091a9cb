"""Answer "may they do this here, and if not, which gate says no?" for people."""

from dataclasses import dataclass

from tocsin.access.failures import Failure
from tocsin.access.gates import NOT_FOUND, Gate, Standing, judge
from tocsin.access.permissions import Permission
from tocsin.access.principal import Principal

NO_TEAM = "There is no such team, or the user does not belong to it."


@dataclass(frozen=True, slots=True)
class Explanation:
    """`gate` is the contract's number, None where access is allowed."""

    allowed: bool
    gate: Gate | None
    reason: str


def explain(
    principal: Principal | Failure, permission: Permission, standing: Standing | None
) -> Explanation:
    """Explain the verdict that every door would give.

    A credential that does not count (a Failure) never comes past the first gate. `standing` None
    means that there is no such team or the user does not belong to it.
    """
    if isinstance(principal, Failure):
        return Explanation(allowed=False, gate=Gate.CREDENTIAL, reason=principal.description)
    verdict = judge(principal, permission=permission, standing=standing)
    reason = NO_TEAM if verdict is NOT_FOUND else verdict.reason
    return Explanation(allowed=verdict.allowed, gate=verdict.gate, reason=reason)
