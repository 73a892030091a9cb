"""What a dns check found: records beside those expected, and resolvers that say otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tocsin.probes.contract import DNS_RECORD_TYPES
from tocsin.probes.dns.judge import dissenters, normalise
from tocsin.probes.dns.observation import Observation
from tocsin.web.panels.reading import Found, part, text, texts

Expected = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Value:
    """One record; `mark` is empty, `added` (seen, not expected) or `missing` (expected, unseen)."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """The records of one type; `is_expected`: something is expected of it."""

    kind: str
    values: tuple[Value, ...]
    is_expected: bool

    @property
    def differs(self) -> bool:
        """Tell whether anything is other than expected."""
        return any(value.mark for value in self.values)


@dataclass(frozen=True, slots=True)
class Dissent:
    """A resolver that says otherwise of a type than most do."""

    resolver: str
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class DnsBody:
    """Types without records and without expectation are left out."""

    rows: tuple[RecordRow, ...]
    has_baseline: bool
    resolvers: tuple[str, ...]
    dissents: tuple[Dissent, ...]
    nameservers: tuple[str, ...]
    serial: str
    is_cloudflare: bool

    @property
    def differs(self) -> bool:
        """Tell whether any type is other than expected."""
        return any(row.differs for row in self.rows)


def body(found: Found, *, expected: Expected) -> DnsBody:
    """Read a result; `expected` maps record types to values, None where there is no baseline."""
    records = part(found, "records")
    rows = (_row(kind, texts(records, kind), expected or {}) for kind in DNS_RECORD_TYPES)
    observations = part(found, "resolver_observations")
    serial = found.get("soa_serial")
    return DnsBody(
        rows=tuple(row for row in rows if row.values),
        has_baseline=bool(expected),
        resolvers=tuple(observations),
        dissents=tuple(_dissents(observations, list(records))),
        nameservers=tuple(texts(found, "nameservers")),
        serial=f"{serial}" if serial else text(found, "soa_serial"),
        is_cloudflare=found.get("is_cloudflare") is True,
    )


def _row(kind: str, seen: list[str], expected: Mapping[str, Any]) -> RecordRow:
    if kind not in expected:
        return RecordRow(kind, tuple(Value(value, "") for value in seen), is_expected=False)
    wanted = [str(value) for value in expected[kind]]
    known, present = normalise(kind, wanted), normalise(kind, seen)
    shown = [Value(v, "" if normalise(kind, [v]) <= known else "added") for v in seen]
    shown += [Value(v, "missing") for v in wanted if not normalise(kind, [v]) <= present]
    return RecordRow(kind, tuple(shown), is_expected=True)


def _dissents(observations: Found, kinds: list[str]) -> list[Dissent]:
    try:
        seen = msgspec.convert(observations, dict[str, dict[str, Observation]])
    except msgspec.ValidationError:  # written by another release
        return []
    return [
        Dissent(resolver, kind, _said(seen[resolver][kind]))
        for kind in kinds
        for resolver in dissenters(seen, kind)
    ]


def _said(observation: Observation) -> str:
    if observation.error is not None:
        return observation.error.replace("_", " ")
    return ", ".join(observation.values) or "–"
