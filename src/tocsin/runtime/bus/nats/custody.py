"""Which checks each message that was taken still waits for."""

from collections.abc import Iterable


class Custody:
    """Messages, by their numbers, until all their checks are answered or given up."""

    def __init__(self) -> None:
        self._open: dict[int, set[str]] = {}
        self._messages: dict[str, set[int]] = {}

    def keep(self, message: int, checks: Iterable[str]) -> None:
        """Note that a message waits for checks; one check may be in several messages."""
        waiting = set(checks)
        self._open[message] = waiting
        for check in waiting:
            self._messages.setdefault(check, set()).add(message)

    def answer(self, checks: Iterable[str]) -> list[int]:
        """Note that checks are answered; return the messages that wait for nothing any more."""
        done = []
        for check in checks:
            for message in self._messages.pop(check, ()):
                waiting = self._open[message]
                waiting.discard(check)
                if not waiting:
                    del self._open[message]
                    done.append(message)
        return done

    def give_up(self, checks: Iterable[str]) -> list[int]:
        """Forget the messages of checks that nobody will answer here; return them."""
        found = {message for check in checks for message in self._messages.get(check, ())}
        for message in found:
            for check in self._open.pop(message):
                self._messages[check].discard(message)
                if not self._messages[check]:
                    del self._messages[check]
        return sorted(found)
