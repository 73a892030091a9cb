"""How much the notifier does at once, and how much a destination gets."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """`at_once`: messages under way in one notifier, and of those to one destination.

    One that failed last gets a single message at a time, so that destinations which hang take no
    room from the others. `messages_a_minute` is storm control's. Who sends a message has `lease`
    to say how it went; the longest attempt takes far less.
    """

    at_once: int = 400
    at_once_a_destination: int = 4
    at_once_failing: int = 1
    messages_a_minute: int = 30
    lease: timedelta = timedelta(seconds=60)


LIMITS = Limits()
