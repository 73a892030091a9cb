"""What a process of Tocsin does: one role or several; and what each needs."""

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    """The contract's roles."""

    WEB = "web"
    SCHEDULER = "scheduler"
    PROBER = "prober"
    INTAKE = "intake"
    NOTIFIER = "notifier"
    HOUSEKEEPER = "housekeeper"


# Roles that work on the database by themselves, beside the flow of checks: where each is found.
# It is a coroutine function of this worker's name and of the event that tells it to end.
BESIDE = {
    Role.NOTIFIER: "tocsin.runtime.notifier:run",
    Role.HOUSEKEEPER: "tocsin.runtime.housekeeper:run",
}
# The flow of checks, which the in-process bus can only carry within one process.
FLOW = frozenset({Role.SCHEDULER, Role.PROBER, Role.INTAKE})
# What `tocsin up` runs beside the web process.
WORKER = frozenset(Role) - {Role.WEB}


def needs_database(roles: Collection[Role]) -> bool:
    """Tell whether a process with these roles needs the database and the secret key."""
    return bool(set(roles) - {Role.PROBER})


def needs_bus(roles: Collection[Role]) -> bool:
    """Tell whether a process with these roles takes part in the flow of checks."""
    return bool(FLOW & set(roles))


def split(roles: Collection[Role]) -> bool:
    """Tell whether other processes must do a part of the flow of checks."""
    return needs_bus(roles) and not set(roles) >= FLOW
