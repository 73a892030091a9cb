"""Every route that the API has, found by walking it."""

import re
from dataclasses import dataclass
from typing import Any

from tocsin.api.guards import Guard
from tocsin.api.v1.app import api

PREFIX = "/api/v1"


@dataclass(frozen=True)
class Route:
    """One method of one path; `guard` is None where nobody declared one."""

    method: str
    path: str
    guard: Guard | None
    operation: Any

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def name(self) -> str:
        """Name it as the contract does, without the kinds of its parameters."""
        return re.sub(r"\{\w+:", "{", str(self))

    def url(self, **values: object) -> str:
        """Fill in the path."""
        return PREFIX + re.sub(r"\{(?:\w+:)?(\w+)\}", lambda m: str(values[m[1]]), self.path)


def all_routes() -> list[Route]:
    """Walk the API."""
    return [
        Route(method, path, _guard(operation), operation)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    ]


def _guard(operation: Any) -> Guard | None:
    callbacks = operation.auth_callbacks
    return callbacks[0] if len(callbacks) == 1 and isinstance(callbacks[0], Guard) else None
