"""What the observations of several resolvers amount to. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_address

import msgspec

from tocsin.probes.contract import DnsSettings
from tocsin.probes.dns.observation import NXDOMAIN, SERVFAIL, SILENCES, TIMEOUT, Observation

Observations = Mapping[str, Mapping[str, Observation]]

ADDRESS_TYPES = ("A", "AAAA")
RECORDS_CHANGED = "records_changed"
PHRASES = {
    NXDOMAIN: "say that the name does not exist",
    SERVFAIL: "cannot resolve the name (SERVFAIL)",
    TIMEOUT: "did not answer in time",
}


class HardFailure(msgspec.Struct, frozen=True):
    """A majority of resolvers cannot look the name up; `codes`: why, the commonest first."""

    codes: tuple[str, ...]
    failing: int
    asked: int

    @property
    def code(self) -> str:
        """Return what most of the failing resolvers met."""
        return self.codes[0]

    @property
    def message(self) -> str:
        """Say in words what a majority of the resolvers met."""
        phrase = f"cannot look the name up ({', '.join(self.codes)})"
        if len(self.codes) == 1:
            phrase = PHRASES.get(self.code, phrase)
        return f"{self.failing} of {self.asked} resolvers {phrase}."


class Change(msgspec.Struct, frozen=True):
    """A record type that differs from what is expected, as a majority of resolvers see it."""

    record_type: str
    expected: tuple[str, ...]
    seen: tuple[str, ...]
    differing: int
    asked: int

    @property
    def message(self) -> str:
        """Say in words which type changed, and for how many resolvers."""
        return (
            f"{self.record_type} differs from the expected records "
            f"for {self.differing} of {self.asked} resolvers."
        )


def is_majority(part: int, whole: int) -> bool:
    """Tell whether a part is more than half of the whole."""
    return part * 2 > whole


def normalise(record_type: str, values: Iterable[str]) -> frozenset[str]:
    """Return values in the form in which they compare: a set, case-folded, no trailing dot."""
    return frozenset(_normal(record_type, value) for value in values)


def lookup_failure(by_type: Mapping[str, Observation]) -> str | None:
    """Return why one resolver cannot look the name up, or None if it can.

    Only the address types count where they are asked for: a name whose alias leads nowhere still
    has its CNAME. A type that fails beside another with values is that type's matter alone.
    """
    basis = [by_type[kind] for kind in ADDRESS_TYPES if kind in by_type] or list(by_type.values())
    if any(observation.values for observation in basis):
        return None
    return next((observation.error for observation in basis if observation.error), None)


def hard_failure(observations: Observations) -> HardFailure | None:
    """Return the failure of a majority of the resolvers, whatever each of them met, or None."""
    codes = [code for code in map(lookup_failure, observations.values()) if code is not None]
    if not is_majority(len(codes), len(observations)):
        return None
    ranked = tuple(code for code, _ in Counter(codes).most_common())
    return HardFailure(ranked, len(codes), len(observations))


def no_answer(observations: Observations) -> bool:
    """Tell whether not a single question was answered by any resolver."""
    return all(
        observation.error in SILENCES
        for by_type in observations.values()
        for observation in by_type.values()
    )


def changes(observations: Observations, settings: DnsSettings) -> tuple[Change, ...]:
    """Return the monitored types that differ from expectation for a majority of resolvers.

    A resolver that could not answer for a type does not count as differing.
    """
    found = (
        _change(observations, kind, settings.expected_records[kind])
        for kind in settings.monitored_record_types
        if kind in settings.expected_records
    )
    return tuple(change for change in found if is_majority(change.differing, change.asked))


def agreed_values(observations: Observations, record_type: str) -> tuple[str, ...]:
    """Return the values that most resolvers saw; between equals the first resolver's."""
    answers = _answers(observations, record_type)
    if not answers:
        return ()
    votes = Counter(normalise(record_type, values) for values in answers)
    winner = max(votes, key=lambda votes_for: votes[votes_for])
    return next(values for values in answers if normalise(record_type, values) == winner)


def agreed_records(
    observations: Observations, record_types: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return, for each type, the values that most resolvers saw."""
    return {kind: agreed_values(observations, kind) for kind in record_types}


def dissenters(observations: Observations, record_type: str) -> tuple[str, ...]:
    """Return the resolvers that answered otherwise than most, or not at all."""
    agreed = normalise(record_type, agreed_values(observations, record_type))
    return tuple(
        resolver
        for resolver, by_type in observations.items()
        if record_type in by_type
        and (
            by_type[record_type].error is not None
            or normalise(record_type, by_type[record_type].values) != agreed
        )
    )


def _change(observations: Observations, record_type: str, expected: Sequence[str]) -> Change:
    wanted = normalise(record_type, expected)
    answers = _answers(observations, record_type)
    differing = sum(normalise(record_type, values) != wanted for values in answers)
    seen = agreed_values(observations, record_type)
    return Change(record_type, tuple(expected), seen, differing, len(observations))


def _answers(observations: Observations, record_type: str) -> list[tuple[str, ...]]:
    asked = [by_type[record_type] for by_type in observations.values() if record_type in by_type]
    return [observation.values for observation in asked if observation.error is None]


def _normal(record_type: str, value: str) -> str:
    folded = " ".join(value.casefold().split()).rstrip(". ")
    if record_type not in ADDRESS_TYPES:
        return folded
    try:
        return str(ip_address(folded))
    except ValueError:
        return folded
