"""A world for tests of the whole ledger: sites that break and recover, receivers of every temper.

Everything but the wire is real: hooks, ledger, claims, records, escalations. The wire is a list of
tempers that messages meet in turn; the clock jumps to whatever is due next. What must hold of each
message is asserted as it is sent.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tests.issues.conftest import MIDNIGHT
from tocsin.access.principal import SYSTEM
from tocsin.issues.hooks import TRANSITIONED
from tocsin.issues.models import Issue, Transition
from tocsin.kit import clock
from tocsin.notifications.actions import destinations, escalating
from tocsin.notifications.actions.recording import Tried, record
from tocsin.notifications.claims import Claimed, claim, next_due
from tocsin.notifications.limits import Limits
from tocsin.notifications.messages import Attempt, AttemptError, Verdict
from tocsin.notifications.models import Delivery, Destination, Occurrence
from tocsin.notifications.vocabulary import ON_THE_WAY
from tocsin.sites.models import Site

DELIVERED = Attempt(Verdict.DELIVERED, 40, 204)
TEMPERS = {
    "takes it": DELIVERED,
    "is slow": Attempt(Verdict.DELIVERED, 9_000, 200),
    "is busy": Attempt(Verdict.RETRY, 300, 503, AttemptError.RECEIVER_FAILED),
    "asks for patience": Attempt(
        Verdict.RETRY, 5, 429, AttemptError.RATE_LIMITED, retry_after=90.0
    ),
    "is gone": Attempt(Verdict.RETRY, 10_000, None, AttemptError.TIMEOUT),
    "refuses": Attempt(Verdict.FINAL, 5, 410, AttemptError.REFUSED),
    "moved inside": Attempt(Verdict.FINAL, 1, None, AttemptError.EGRESS_REFUSED),
    # The notifier is killed once the receiver has it: nobody records how it went.
    "kills us": None,
}
LIMITS = Limits(at_once_a_destination=2, messages_a_minute=2)
IMPATIENCE = timedelta(seconds=20)
MOST_STEPS = 3_000


class World:
    """Some sites of a team, and what its notifier does with what happens to them."""

    def __init__(self, team: Any, sites: int, tempers: Sequence[str], lasting: str) -> None:
        self.now = clock.from_timestamp(MIDNIGHT)
        self.team = team
        self.sites = [
            Site.objects.create(team=team, name=f"s{n}", url=f"https://s{n}.test", domain=f"s{n}")
            for n in range(sites)
        ]
        self.taken: set[UUID] = set()
        self.owed: set[tuple[int, int]] = set()
        self._told_as: dict[UUID, UUID] = {}
        self._flying: list[Tried] = []
        self._known: set[int] = set()
        self._tempers = self._met(tempers, lasting)

    @staticmethod
    def _met(tempers: Sequence[str], lasting: str) -> Iterator[str]:
        yield from tempers
        while True:
            yield lasting

    def happen(self, number: int) -> None:
        """Break a site, or let it recover, whichever is next."""
        site, now = self.sites[number % len(self.sites)], self.now
        issue = Issue.objects.filter(site=site).first()
        if issue is None:
            issue = Issue(
                team=self.team, site=site, type="status", fingerprint="status:down",
                severity="critical", summary="It is down.", first_opened_at=now, opened_at=now,
            )  # fmt: skip
            key = "opened"
        elif issue.is_active:
            key = "resolved"
        else:
            key, issue.opened_at = "reopened", now
            issue.reopen_count += 1
        issue.status = "resolved" if key == "resolved" else "open"
        issue.last_evaluated_at = now
        issue.save()
        transition = Transition.objects.create(
            issue=issue, key=key, at=now, severity="critical", summary="", alerts=True
        )
        with clock.frozen(now.timestamp()):
            for hook in TRANSITIONED:
                hook([transition])
        self._note_what_is_owed()

    def snooze(self, number: int) -> None:
        """Leave a site alone for an hour."""
        site = self.sites[number % len(self.sites)]
        Site.objects.filter(pk=site.pk).update(snoozed_until=self.now + timedelta(hours=1))

    def switch(self, number: int) -> None:
        """Switch a destination off, or on."""
        if found := self._destination(number):
            with clock.frozen(self.now.timestamp()):
                destinations.set_enabled(SYSTEM, self.team.pk, found.pk, enabled=not found.enabled)

    def delete(self, number: int) -> None:
        """Delete a destination."""
        if found := self._destination(number):
            destinations.delete(SYSTEM, self.team.pk, found.pk)

    def wait(self, minutes: int) -> None:
        """Let the notifier work for some minutes."""
        until = self.now + timedelta(minutes=minutes)
        while self._step(until):
            pass
        self.now = until

    def end(self) -> None:
        """Let the notifier work until nothing is on its way any more."""
        for _ in range(MOST_STEPS):
            if not self._step(None):
                return
        raise AssertionError(list(Delivery.objects.filter(status__in=ON_THE_WAY).values()))

    def _destination(self, number: int) -> Destination | None:
        found = list(Destination.objects.order_by("pk"))
        return found[number % len(found)] if found else None

    def _step(self, until: datetime | None) -> bool:
        """Do what is due next; tell whether there was anything."""
        moments = [each.ended_at for each in self._flying]
        due = next_due()
        moments += [due] if due is not None else []
        if not moments or (until is not None and min(moments) > until):
            return False
        self.now = max(self.now, min(moments))
        with clock.frozen(self.now.timestamp()):
            moved = self._land() + escalating.fire(self.now)
            self._note_what_is_owed()
            under_way = Counter(each.claimed.destination.pk for each in self._flying)
            claimed = claim(self.now, under_way, limit=50, limits=LIMITS)
            for each in claimed:
                self._send(each)
            self._land()
        if not moved and not claimed:
            self.now += IMPATIENCE
        return True

    def _land(self) -> int:
        landed = [each for each in self._flying if each.ended_at <= self.now]
        self._flying = [each for each in self._flying if each.ended_at > self.now]
        record(landed)
        return len(landed)

    def _send(self, claimed: Claimed) -> None:
        self._check(claimed)
        attempt = TEMPERS[next(self._tempers)]
        if attempt is None:
            return
        self._flying.append(Tried(claimed, self.now, attempt))
        if attempt.ok:
            self.taken.update(each.delivery for each in claimed.message.notices)

    def _check(self, claimed: Claimed) -> None:
        """Assert what must hold of every message at the moment it is sent."""
        message = claimed.message
        told = {each.delivery for each in message.notices}
        folded = Delivery.objects.filter(folded_into=message.delivery)
        assert told == {message.delivery, *folded.values_list("pk", flat=True)}
        assert message.lead.delivery == message.delivery
        assert (message.gathering is not None) == bool(len(told) > 1)
        for uuid in told:  # under one id for ever
            assert self._told_as.setdefault(uuid, message.delivery) == message.delivery
        by_issue = defaultdict(list)
        rows = {each.pk: each for each in Delivery.objects.filter(pk__in=told)}
        for notice in message.notices:
            row = rows[notice.delivery]
            by_issue[row.subject].append(row.occurrence_id)
            assert row.destination_id == claimed.destination.pk
        for subject, order in by_issue.items():
            assert order == sorted(order)
            earlier = Delivery.objects.filter(
                destination=claimed.destination.pk,
                subject=subject,
                occurrence__lt=order[0],
                status__in=ON_THE_WAY,
            )
            assert not earlier.exclude(pk__in=told).exists()

    def _note_what_is_owed(self) -> None:
        new = set(Occurrence.objects.exclude(pk__in=self._known).values_list("pk", flat=True))
        self._known |= new
        present = list(Destination.objects.values_list("pk", flat=True))
        self.owed |= {(each, key) for each in new for key in present}
