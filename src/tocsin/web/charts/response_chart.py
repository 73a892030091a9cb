"""Response times as stacked areas, one a phase, with what failed marked behind them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.checks.response_times import DAY, Bucket, Phases, ResponseTimes
from tocsin.web.charts.scale import TICKS, round_top

WIDTH, HEIGHT = 960, 200
X_LABELS = 5
_NAMES: tuple[tuple[str, Promise], ...] = (
    ("dns", gettext_lazy("DNS")),
    ("connect", gettext_lazy("Connect")),
    ("tls", gettext_lazy("TLS")),
    ("wait", gettext_lazy("Wait")),
    ("transfer", gettext_lazy("Transfer")),
)
_AVERAGE = (("wait", gettext_lazy("Average")),)
_WAIT = 3


@dataclass(frozen=True, slots=True)
class Layer:
    """One phase: its area as an SVG path, and its mean in milliseconds."""

    name: str
    label: Promise
    path: str
    mean: float


@dataclass(frozen=True, slots=True)
class Band:
    """A bucket: its place, what it says on hover, and `tone` failing, unknown or empty."""

    x: float
    width: float
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class ResponseChart:
    """The drawing; labels of the axes stand beside it as text, evenly apart."""

    layers: tuple[Layer, ...]
    bands: tuple[Band, ...]
    y_labels: tuple[str, ...]
    x_labels: tuple[str, ...]
    label: str
    mean: float | None
    slowest: float | None
    width: int = WIDTH
    height: int = HEIGHT


def response_chart(times: ResponseTimes) -> ResponseChart:
    """Draw a stretch of response times."""
    measured = [each.phases for each in times.buckets if each.phases]
    top = round_top(max((phases.total for phases in measured), default=0))
    mean = sum(phases.total for phases in measured) / len(measured) if measured else None
    return ResponseChart(
        layers=tuple(_layers(times, measured, top)),
        bands=tuple(_band(times, bucket) for bucket in times.buckets),
        y_labels=tuple(_milliseconds(top * tick / TICKS) for tick in range(TICKS, -1, -1)),
        x_labels=tuple(_x_labels(times)),
        label=_summary(mean, times.slowest),
        mean=mean,
        slowest=times.slowest,
    )


def _layers(times: ResponseTimes, measured: Sequence[Phases], top: float) -> Iterator[Layer]:
    runs = list(_runs(times))
    names = _NAMES if times.has_phases else _AVERAGE
    for place, (name, label) in enumerate(names, start=0 if times.has_phases else _WAIT):
        path = " ".join(_area(times, run, place, top) for run in runs)
        mean = sum(phases[place] for phases in measured) / len(measured) if measured else 0
        yield Layer(name, label, path, mean)


def _runs(times: ResponseTimes) -> Iterator[list[Bucket]]:
    """Part the measured buckets where nothing was measured in between."""
    run: list[Bucket] = []
    for bucket in times.buckets:
        if bucket.phases is None:
            continue
        if run and (bucket.at - run[-1].at).total_seconds() > 2 * times.step:
            yield run
            run = []
        run.append(bucket)
    if run:
        yield run


def _area(times: ResponseTimes, run: Sequence[Bucket], place: int, top: float) -> str:
    """Draw one phase of a run, on top of the phases before it."""
    stacks = [each.phases[: place + 1] for each in run if each.phases]
    upper = _line(times, run, [sum(stack) for stack in stacks], top)
    lower = _line(times, run, [sum(stack[:place]) for stack in stacks], top)
    return f"M{' L'.join(upper)} L{' L'.join(reversed(lower))} Z"


def _line(
    times: ResponseTimes, run: Sequence[Bucket], values: Sequence[float], top: float
) -> list[str]:
    """Join the middles of buckets, from the left edge of the first to the right of the last."""
    half = timedelta(seconds=times.step / 2)
    places = [_x(times, each.at + half) for each in run]
    edges = _x(times, run[0].at), _x(times, run[-1].at + 2 * half)
    points = zip((edges[0], *places, edges[1]), (values[0], *values, values[-1]), strict=True)
    return [f"{x:.1f},{HEIGHT - value / top * HEIGHT:.1f}" for x, value in points]


def _x(times: ResponseTimes, moment: datetime) -> float:
    share = (moment - times.first) / (times.last - times.first)
    return min(max(share, 0.0), 1.0) * WIDTH


def _band(times: ResponseTimes, bucket: Bucket) -> Band:
    x = _x(times, bucket.at)
    tone = "failing" if bucket.failing else "unknown" if bucket.unknown else ""
    end = _x(times, bucket.at + timedelta(seconds=times.step))
    return Band(round(x, 1), round(end - x, 1), tone, _words(times, bucket))


def _words(times: ResponseTimes, bucket: Bucket) -> str:
    parts = []
    if bucket.phases:
        parts.append(_milliseconds(bucket.phases.total))
        if times.has_phases:
            named = zip(_NAMES, bucket.phases, strict=True)
            parts += [f"{label} {_milliseconds(each)}" for (_key, label), each in named]
    if bucket.failing:
        parts.append(_("%(count)s failing") % {"count": bucket.failing})
    if bucket.unknown:
        parts.append(_("%(count)s unknown") % {"count": bucket.unknown})
    form = _("j M") if times.step >= DAY else _("j M H:i")
    return f"{date_format(bucket.at, form)} UTC: {' · '.join(map(str, parts))}"


def _x_labels(times: ResponseTimes) -> Iterator[str]:
    span = times.last - times.first
    days = _("j M H:i") if times.has_phases else _("j M")
    form = "H:i" if span <= timedelta(days=1) else days
    for number in range(X_LABELS):
        yield date_format(times.first + span * number / (X_LABELS - 1), form)


def _milliseconds(value: float) -> str:
    digits = 1 if 0 < value < 10 and value % 1 else 0  # noqa: PLR2004 — below ten a tenth tells
    return _("%(number)s ms") % {"number": number_format(value, digits, force_grouping=True)}


def _summary(mean: float | None, slowest: float | None) -> str:
    if mean is None or slowest is None:
        return _("No response time was measured in this stretch.")
    return _("Response times: %(mean)s on average, the slowest %(slowest)s.") % {
        "mean": _milliseconds(mean),
        "slowest": _milliseconds(slowest),
    }
