"""What Lighthouse measured: the score, the metrics behind it, and what would save time."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.sites.monitoring.schema import PerformanceMonitoring
from tocsin.web.board import Look
from tocsin.web.charts.dial import Dial, dial, tone_of
from tocsin.web.panels.reading import Found, number, objects, part, text

OPPORTUNITIES_SHOWN = 6
_VITALS: tuple[tuple[str, Promise], ...] = (
    ("lcp", _("Largest paint")),
    ("cls", _("Layout shift")),
    ("tbt", _("Blocking time")),
)
_METRICS: tuple[tuple[str, Promise], ...] = (
    ("fcp", _("First paint")),
    ("speed_index", _("Speed Index")),
    ("tti", _("Interactive")),
    ("ttfb", _("First byte")),
)
_LOOKS = {
    "ok": Look("ok", "circle-check", _("Good")),
    "unknown": Look("unknown", "triangle-alert", _("Could be better")),
    "failing": Look("failing", "octagon-x", _("Poor")),
    "": Look("idle", "circle-minus", _("Not rated")),
}
_PERCENT = 100
_SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric in words; `look` rates it as Lighthouse does, `dial` None where it does not."""

    label: Promise
    shown: str
    look: Look
    dial: Dial | None


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of the site's settings in words, and whether the measurement keeps it."""

    words: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What would save time; `share` of the largest saving in thousandths."""

    title: str
    milliseconds: float
    share: int


@dataclass(frozen=True, slots=True)
class PerformanceBody:
    """A measurement; `dial` None where it came to no score, `more` opportunities not shown."""

    url: str
    dial: Dial | None
    metrics: tuple[Metric, ...]
    limits: tuple[Limit, ...]
    opportunities: tuple[Opportunity, ...]
    more: int
    runs: tuple[str, ...]
    environment: str


def body(
    found: Found,
    *,
    limits: PerformanceMonitoring | None = None,
    shown: int | None = OPPORTUNITIES_SHOWN,
) -> PerformanceBody:
    """Read a result, showing up to `shown` opportunities, the largest first, or all."""
    speed = part(found, "speed_metrics")
    score = number(speed, "performance_score")
    vitals, others = part(speed, "core_web_vitals"), part(speed, "metrics")
    metrics = [_metric(label, part(vitals, name)) for name, label in _VITALS]
    metrics += [_metric(label, part(others, name)) for name, label in _METRICS]
    opportunities = _opportunities(objects(speed, "opportunities"))
    runs = (number(run, "performance_score") for run in objects(speed, "runs"))
    return PerformanceBody(
        url=text(found, "url"),
        dial=None if score is None else dial(score),
        metrics=tuple(metric for metric in metrics if metric),
        limits=tuple(_limits(limits, score, others)) if limits else (),
        opportunities=tuple(opportunities[:shown]),
        more=len(opportunities[shown:]) if shown is not None else 0,
        runs=tuple(f"{run:.0f}" for run in runs if run is not None),
        environment=_environment(part(speed, "environment")),
    )


def _metric(label: Promise, found: Found) -> Metric | None:
    value = number(found, "value")
    if value is None:
        return None
    score = number(found, "score")
    tone = "" if score is None else tone_of(score * _PERCENT)
    return Metric(
        label=label,
        shown=text(found, "display_value") or f"{value:g}",
        look=_LOOKS[tone],
        dial=None if score is None else dial(score * _PERCENT),
    )


def _limits(limits: PerformanceMonitoring, score: float | None, metrics: Found) -> Iterator[Limit]:
    """Hold a measurement to what is set now, as the check was held to what was set then."""
    if score is not None:
        words = gettext("Score at least %(score)s") % {"score": limits.min_score}
        yield Limit(words, score >= limits.min_score)
    first_byte = number(part(metrics, "ttfb"), "value")
    if limits.max_ttfb_ms is not None and first_byte is not None:
        most = number_format(limits.max_ttfb_ms, force_grouping=True)
        words = gettext("First byte within %(most)s ms") % {"most": most}
        yield Limit(words, first_byte <= limits.max_ttfb_ms)
    loaded = number(part(metrics, "tti"), "value")
    if limits.max_load_time_seconds is not None and loaded is not None:
        most = number_format(limits.max_load_time_seconds)
        words = gettext("Interactive within %(most)s s") % {"most": most}
        yield Limit(words, loaded <= limits.max_load_time_seconds * _SECOND_MS)


def _opportunities(found: list[Found]) -> list[Opportunity]:
    savings = [(text(each, "title"), number(each, "savings_ms") or 0) for each in found]
    savings.sort(key=lambda each: -each[1])
    largest = max((saved for _title, saved in savings), default=0) or 1
    return [
        Opportunity(title, saved, round(saved / largest * 1000))
        for title, saved in savings
        if saved > 0
    ]


def _environment(found: Found) -> str:
    names = (("lighthouse", "Lighthouse"), ("chromium", "Chromium"), ("preset", ""))
    parts = (f"{label} {text(found, name)}".strip() for name, label in names if text(found, name))
    return " · ".join(parts)
