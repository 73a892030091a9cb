"""Who was told of an issue, and how: deliveries by what they told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from tocsin.notifications.queries import DeliveryView
from tocsin.web.views.deliveries import Line, line_of


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing that was to be told, and what became of it at each destination."""

    event: str
    at: datetime
    lines: list[Line]


def tellings_of(deliveries: Iterable[DeliveryView]) -> list[Telling]:
    """Group deliveries, newest first, by the moment and event that they tell."""
    groups = groupby(deliveries, key=lambda each: (each.event, each.created_at))
    return [
        Telling(lines[0].event, at, lines)
        for (_, at), members in groups
        if (lines := [line_of(each) for each in members])
    ]
