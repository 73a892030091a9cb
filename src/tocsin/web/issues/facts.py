"""What a check saw when an issue opened, as label and value: the numbers that decided."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.web.code_words import code_words
from tocsin.web.phrases import said

LABELS: dict[str, Promise] = {
    "code": _("Answer"),
    "effective_url": _("Answered by"),
    "response_time": _("Response time"),
    "error": _("Error"),
    "failure_type": _("What is wrong"),
    "valid_to": _("Valid until"),
    "days_left": _("Days left"),
    "expiry_days": _("Opens at or below"),
    "resolvers_failing": _("Resolvers that failed"),
    "resolvers_asked": _("Resolvers asked"),
    "found": _("Broken links"),
    "min_broken_count": _("Opens at"),
    "crawled": _("Pages crawled"),
    "url": _("Page"),
}
METRICS: dict[str, tuple[Promise, str]] = {
    "performance_score": (_("Score"), ""),
    "ttfb_ms": (_("First byte"), "ms"),
    "load_time_seconds": (_("Interactive after"), "s"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was seen, in words."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Something beside what it should have been; `votes` says how many saw it."""

    label: str
    seen: str
    wanted: str
    votes: str = ""


def facts_of(context: Mapping[str, Any]) -> list[Fact]:
    """Return what can be said in one value each; unknown keys keep their names."""
    seen = _mapping(context.get("facts"))
    return [
        Fact(str(LABELS.get(key, key.replace("_", " "))), _shown(key, value))
        for key, value in seen.items()
        if value not in (None, "") and isinstance(value, str | int | float)
    ]


def comparisons_of(context: Mapping[str, Any]) -> list[Compared]:
    """Return what was seen beside what was expected: records, or measures beside limits."""
    seen = _mapping(context.get("facts"))
    return [*_read(seen.get("changes"), _change), *_read(seen.get("breaches"), _breach)]


def _read(rows: object, reader: Callable[[Mapping[str, Any]], Compared]) -> Iterator[Compared]:
    if isinstance(rows, list):
        yield from (reader(row) for row in rows if isinstance(row, Mapping))


def _change(row: Mapping[str, Any]) -> Compared:
    votes = gettext("%(differing)s of %(asked)s resolvers") % {
        "differing": row.get("differing", "?"),
        "asked": row.get("asked", "?"),
    }
    return Compared(
        str(row.get("record_type", "")), _joined(row, "seen"), _joined(row, "expected"), votes
    )


def _breach(row: Mapping[str, Any]) -> Compared:
    metric = str(row.get("metric", ""))
    label, unit = METRICS.get(metric, (metric, ""))
    seen, limit = (f"{_number(row.get(key))} {unit}".strip() for key in ("value", "limit"))
    return Compared(str(label), seen, limit)


def _joined(row: Mapping[str, Any], key: str) -> str:
    values = row.get(key) or ()
    return ", ".join(map(str, values)) or gettext("nothing")


def _shown(key: str, value: float | str) -> str:
    if key == "response_time" and isinstance(value, int | float):
        return gettext("%(number)s ms") % {"number": f"{value:.0f}"}
    if key == "code" and value == 0:
        return gettext("none")
    if key == "error":
        return said(str(value))
    return code_words(str(value)) if key == "failure_type" else str(value)


def _number(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, int | float) else "?"


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
