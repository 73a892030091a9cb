"""Answer "may they do this here, and if not, which gate says no?" for people."""

from dataclasses import dataclass

from tocsin.access.gates import Standing, judge
from tocsin.access.permissions import Permission
from tocsin.access.principal import Principal


@dataclass(frozen=True, slots=True)
class Explanation:
    """`gate` is the contract's number, None where access is allowed."""

    allowed: bool
    gate: int | None
    reason: str


def explain(principal: Principal, permission: Permission, standing: Standing | None) -> Explanation:
    """Explain the verdict that every door would give."""
    verdict = judge(principal, permission=permission, standing=standing)
    gate = None if verdict.gate is None else int(verdict.gate)
    reason = verdict.reason
    if standing is None and verdict.status == 404:  # noqa: PLR2004
        reason = "There is no such team, or the user does not belong to it."
    return Explanation(allowed=verdict.allowed, gate=gate, reason=reason)
