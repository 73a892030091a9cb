"""robots.txt by origin: asked for once, before the first page of an origin is read."""

from tocsin.probes.broken_links.handle import Answered
from tocsin.probes.broken_links.jobs import Job
from tocsin.probes.broken_links.robots import Robots
from tocsin.probes.broken_links.verdict import Trouble, judge

_LAST_SUCCESS, _FIRST_SERVER_ERROR, _TOO_MANY = 299, 500, 429


class Origins:
    """The rules of every origin of the site, and the pages that wait for them."""

    def __init__(self) -> None:
        self._rules: dict[str, Robots] = {}
        self._parked: dict[str, list[Job]] = {}
        self.unreadable: dict[str, Trouble] = {}

    def rules_for(self, origin: str) -> Robots | None:
        """Return an origin's rules, None while they are not known."""
        return self._rules.get(origin)

    def park(self, origin: str, job: Job) -> bool:
        """Let a page wait for its origin's rules; tell whether they must be asked for now."""
        first = origin not in self._parked
        self._parked.setdefault(origin, []).append(job)
        return first

    def settle(self, origin: str, answered: Answered) -> tuple[Robots, list[Job]]:
        """Read the answer to robots.txt; return the rules and the pages that waited.

        No file allows everything; a server that fails allows nothing (RFC 9309, section 2.3.1).
        """
        trouble = judge(answered)
        code = answered.code
        if trouble is not None and (not code or code >= _FIRST_SERVER_ERROR or code == _TOO_MANY):
            rules = Robots.closed()
            self.unreadable[origin] = trouble
        elif trouble is None and code <= _LAST_SUCCESS and answered.body:
            rules = Robots(answered.body.decode("utf-8", "replace"))
        else:
            rules = Robots()
        self._rules[origin] = rules
        return rules, self._parked.pop(origin, [])
