"""What Lighthouse measured: the score, the metrics behind it, and what would save time."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric in words; `look` rates it as Lighthouse does."""

    label: Promise
    shown: str
    look: Look


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What would save time; `share` of the largest saving in thousandths."""

    title: str
    milliseconds: float
    share: int


@dataclass(frozen=True, slots=True)
class PerformanceBody:
    """A measurement; `dial` None where it came to no score."""

    url: str
    dial: Dial | None
    metrics: tuple[Metric, ...]
    opportunities: tuple[Opportunity, ...]
    runs: tuple[str, ...]
    environment: str


def body(found: Found) -> PerformanceBody:
    """Read a result."""
    speed = part(found, "speed_metrics")
    score = number(speed, "performance_score")
    vitals, others = part(speed, "core_web_vitals"), part(speed, "metrics")
    metrics = [_metric(label, part(vitals, name)) for name, label in _VITALS]
    metrics += [_metric(label, part(others, name)) for name, label in _METRICS]
    runs = (number(run, "performance_score") for run in objects(speed, "runs"))
    return PerformanceBody(
        url=text(found, "url"),
        dial=None if score is None else dial(score),
        metrics=tuple(metric for metric in metrics if metric),
        opportunities=tuple(_opportunities(objects(speed, "opportunities"))),
        runs=tuple(f"{run:.0f}" for run in runs if run is not None),
        environment=_environment(part(speed, "environment")),
    )


def _metric(label: Promise, found: Found) -> Metric | None:
    value = number(found, "value")
    if value is None:
        return None
    score = number(found, "score")
    tone = "" if score is None else tone_of(score * _PERCENT)
    return Metric(label, text(found, "display_value") or f"{value:g}", _LOOKS[tone])


def _opportunities(found: list[Found]) -> list[Opportunity]:
    savings = [(text(each, "title"), number(each, "savings_ms") or 0) for each in found]
    largest = max((saved for _title, saved in savings), default=0) or 1
    return [
        Opportunity(title, saved, round(saved / largest * 1000))
        for title, saved in savings[:OPPORTUNITIES_SHOWN]
        if saved > 0
    ]


def _environment(found: Found) -> str:
    names = (("lighthouse", "Lighthouse"), ("chromium", "Chromium"), ("preset", ""))
    parts = (f"{label} {text(found, name)}".strip() for name, label in names if text(found, name))
    return " · ".join(parts)
