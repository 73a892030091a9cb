"""Requests at the same moment, each on a thread and a database connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from tocsin.kit.errors import DomainError

AT_ONCE = 6


def at_once(call: Callable[[int], object]) -> list[DomainError | None]:
    """Call with 0 … 5 at the same moment; return how each was refused, None where it was not."""
    barrier = threading.Barrier(AT_ONCE)

    def one(number: int) -> DomainError | None:
        try:
            barrier.wait()
            call(number)
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def refusals(found: list[DomainError | None]) -> list[type[DomainError]]:
    """Name the refusals."""
    return [type(each) for each in found if each is not None]
