"""How fast the demo's pages are: from what they carry to Lighthouse's metrics and score. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import erfc, log, sqrt
from random import Random
from typing import Any

from scripts.demo.catalogue import DemoSite

DAY = 86_400
# How Lighthouse rates a phone: the value that earns 90, the value that earns 50, the weight in the
# score. https://github.com/GoogleChrome/lighthouse/blob/main/core/config/default-config.js
CURVES = {
    "fcp": (1800, 3000, 0.10),
    "speed_index": (3387, 5800, 0.10),
    "lcp": (2500, 4000, 0.25),
    "tbt": (200, 600, 0.30),
    "cls": (0.1, 0.25, 0.25),
    "tti": (3785, 7300, 0.0),
}
_NINETY = 1.2815515655446004  # standard deviations below which nine of ten lie
_NOTHING = {"value": None, "display_value": None, "score": None}
_LEAST_SAVING_MS = 50


@dataclass(frozen=True, slots=True)
class Load:
    """What a page carries, from 0 (nothing to speak of) to 1 (far too much), and its server."""

    images: float = 0.05
    scripts: float = 0.05
    shifts: float = 0.02
    styles: float = 0.1
    server_ms: float = 100.0


_LOADS = (
    Load(),
    Load(images=0.6, scripts=0.08, styles=0.3),
    Load(images=0.1, scripts=0.4, styles=0.2),
    Load(images=0.2, scripts=0.1, shifts=0.4),
    Load(images=0.15, scripts=0.16, shifts=0.12),
)
_GROWN, _EASED_DAYS = 0.45, 30


def measure(site: DemoSite, word: str, random: Random, age: float) -> dict[str, Any]:
    """Return the result of a measurement `age` seconds ago, as its probe gives it.

    `word` "slow": by far too slow.
    """
    load = _load(site, word, age / DAY)
    values = {name: value * random.lognormvariate(0, 0.05) for name, value in _values(load).items()}
    metrics = {name: _metric(name, value) for name, value in values.items()}
    score = score_of(metrics)
    best, worst = min(100, score + random.randrange(4)), max(0, score - random.randrange(4))
    return {
        "url": site.url,
        "response_time": round(load.server_ms, 1),
        "speed_metrics": {
            "performance_score": score,
            "core_web_vitals": {**{name: metrics[name] for name in VITALS}, "inp": _NOTHING},
            "metrics": {name: metrics[name] for name in OTHERS},
            "opportunities": sorted(_opportunities(load), key=lambda each: -each["savings_ms"]),
            "real_user_metrics": None,
            "origin_metrics": None,
            "runs": [{"performance_score": each} for each in (best, worst, score)],
            "environment": {
                "lighthouse": "13.5.0",
                "chromium": "156.0.8078.79",
                "preset": "mobile",
                "cpu_benchmark": 1874.5,
            },
        },
    }


VITALS = ("lcp", "cls", "tbt")
OTHERS = ("fcp", "speed_index", "tti", "ttfb")


def score_of(metrics: dict[str, dict[str, Any]]) -> int:
    """Return the score that Lighthouse would make of the metrics' scores, 0 to 100."""
    return round(
        sum(metrics[name]["score"] * weight * 100 for name, (*_, weight) in CURVES.items())
    )


def _load(site: DemoSite, word: str, days_ago: float) -> Load:
    """Return what a site's page carried then: each release more, or once much less."""
    if site.label == "search":
        grown = max(0.0, 1 - days_ago / 75)
        if word == "slow":
            return Load(0.45, 0.6 + _GROWN * grown, 0.48, 0.3, site.pace_ms)
        return Load(scripts=0.04 + _GROWN * grown, server_ms=site.pace_ms)
    if site.label == "media":
        if word == "slow":
            return Load(1.6, 0.34, 0.6, 0.5, site.pace_ms)
        return Load(images=0.2, shifts=0.1, server_ms=site.pace_ms)
    if site.label == "stores":
        images = 1.1 if days_ago > _EASED_DAYS else 0.08
        return Load(images=images, scripts=0.12, server_ms=site.pace_ms)
    usual, more = _LOADS[site.number % len(_LOADS)], 0.7 + site.number % 13 / 13
    burdens = (usual.images * more, usual.scripts * more, usual.shifts * more)
    return Load(*burdens, usual.styles, site.pace_ms)


def _values(load: Load) -> dict[str, float]:
    """Return the metrics in milliseconds; `cls` has no unit."""
    first_byte = 160 + load.server_ms
    first_paint = 750 + first_byte + 900 * load.styles
    largest_paint = first_paint + 350 + 3200 * load.images + 500 * load.scripts
    return {
        "ttfb": first_byte,
        "fcp": first_paint,
        "lcp": largest_paint,
        "speed_index": first_paint + 450 + 1300 * load.images + 1500 * load.scripts,
        "tbt": 15 + 1000 * load.scripts,
        "tti": max(first_paint, largest_paint * 0.8) + 250 + 5200 * load.scripts,
        "cls": 0.002 + 0.5 * load.shifts,
    }


def _metric(name: str, value: float) -> dict[str, Any]:
    if name == "cls":
        shown = f"{value:.3f}"
    elif name in {"tbt", "ttfb"}:
        shown = f"{value:,.0f} ms"
    else:
        shown = f"{value / 1000:.1f} s"
    score = _score(name, value) if name in CURVES else None
    return {"value": round(value, 3), "display_value": shown, "score": score}


def _score(name: str, value: float) -> float:
    """Return the part of all pages that are slower, were pages spread as the curve says."""
    ninety, fifty, _weight = CURVES[name]
    away = log(value / fifty) / (log(fifty / ninety) / _NINETY)
    return round(erfc(away / sqrt(2)) / 2, 2)


def _opportunities(load: Load) -> Iterator[dict[str, Any]]:
    savings = (
        ("image-delivery-insight", "Improve image delivery", 2400 * load.images),
        ("unused-javascript", "Reduce unused JavaScript", 1500 * load.scripts),
        ("legacy-javascript-insight", "Legacy JavaScript", 350 * load.scripts),
        ("render-blocking-insight", "Render-blocking requests", 700 * load.styles),
        ("document-latency-insight", "Document request latency", load.server_ms - 100),
    )
    for name, title, saved in savings:
        if saved >= _LEAST_SAVING_MS:
            yield {"id": name, "title": title, "savings_ms": round(saved, -1)}
