"""Requests at the same moment, each on a thread and a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

from tocsin.kit.errors import DomainError

AT_ONCE = 6

Result = TypeVar("Result")


def together(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Make all calls at the same moment; return what each returned, in their order."""
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], Result]) -> Result:
        try:
            barrier.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def at_once(call: Callable[[int], object]) -> list[DomainError | None]:
    """Call with 0 … 5 at the same moment; return how each was refused, None where it was not."""

    def one(number: int) -> DomainError | None:
        try:
            call(number)
        except DomainError as refusal:
            return refusal
        return None

    return together([lambda number=number: one(number) for number in range(AT_ONCE)])  # type: ignore[misc]


def refusals(found: list[DomainError | None]) -> list[type[DomainError]]:
    """Name the refusals."""
    return [type(each) for each in found if each is not None]
