"""From Lighthouse's reports to a performance result: pure functions."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from tocsin.probes.contract import PerformanceSettings
from tocsin.probes.performance.browser import Look

PRESET = "mobile"
MAX_OPPORTUNITIES = 20
MILLISECONDS = 1000
_VITALS = {
    "lcp": "largest-contentful-paint",
    "cls": "cumulative-layout-shift",
    "tbt": "total-blocking-time",
}
_METRICS = {
    "fcp": "first-contentful-paint",
    "speed_index": "speed-index",
    "tti": "interactive",
}
_NOTHING = {"value": None, "display_value": None, "score": None}
# Lighthouse's reasons for no result, in words of ours; a site is to blame for all of them.
# https://github.com/GoogleChrome/lighthouse/blob/main/core/lib/lh-error.js
REASONS = {
    "ERRORED_DOCUMENT_REQUEST": "document_failed",
    "FAILED_DOCUMENT_REQUEST": "document_failed",
    "NO_DOCUMENT_REQUEST": "document_failed",
    "DNS_FAILURE": "dns",
    "INSECURE_DOCUMENT_REQUEST": "tls",
    "CHROME_INTERSTITIAL_ERROR": "tls",
    "NOT_HTML": "not_html",
    "PAGE_HUNG": "page_hung",
    "NO_FCP": "nothing_painted",
    "NO_NAVSTART": "nothing_painted",
    "NO_LCP": "nothing_painted",
}


def failure(report: dict[str, Any]) -> tuple[str, str] | None:
    """Return why a run has no result, as code and words; None where it has one."""
    error = report.get("runtimeError") or {}
    code = error.get("code")
    if code and code != "NO_ERROR":
        return REASONS.get(code, "lighthouse"), str(error.get("message") or code)
    if report.get("score") is None:
        return "lighthouse", "Lighthouse came to no score."
    return None


def score_of(look: Look) -> int:
    """Return a run's score, 0 to 100."""
    return round(float(look.report["score"]) * 100)


def median_of(looks: Sequence[Look]) -> Look:
    """Return the run with the middle score; of an even number the worse of the two."""
    return sorted(looks, key=score_of)[(len(looks) - 1) // 2]


def result_of(url: str, looks: Sequence[Look]) -> dict[str, Any]:
    """Make the contract's result: the median run's numbers, and every run's score."""
    median = median_of(looks)
    report, audits = median.report, median.report["audits"]
    ttfb = _time_to_first_byte(audits)
    return {
        "url": url,
        "response_time": _value(audits.get("server-response-time")),
        "speed_metrics": {
            "performance_score": score_of(median),
            "core_web_vitals": {
                **{name: _metric(audits.get(audit)) for name, audit in _VITALS.items()},
                # It needs people who click: a laboratory has none.
                "inp": _NOTHING,
            },
            "metrics": {
                **{name: _metric(audits.get(audit)) for name, audit in _METRICS.items()},
                "ttfb": ttfb,
            },
            "opportunities": _opportunities(report),
            "real_user_metrics": None,
            "origin_metrics": None,
            "runs": [{"performance_score": score_of(look)} for look in looks],
            "environment": {
                "lighthouse": report["lighthouseVersion"],
                "chromium": median.chromium,
                "preset": PRESET,
                "cpu_benchmark": cpu_benchmark(median),
            },
        },
    }


def breaches(result: dict[str, Any], settings: PerformanceSettings) -> bool:
    """Tell whether a result lies outside the limits that a team set."""
    speed = result["speed_metrics"]
    ttfb = speed["metrics"]["ttfb"]["value"]
    tti = speed["metrics"]["tti"]["value"]
    return (
        speed["performance_score"] < settings.min_score
        or _exceeds(ttfb, settings.max_ttfb_ms, 1)
        or _exceeds(tti, settings.max_load_time_seconds, MILLISECONDS)
    )


def cpu_benchmark(look: Look) -> float:
    """Return how fast this machine was during a run, by Lighthouse's own measure."""
    return float(look.report["environment"]["benchmarkIndex"])


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL as a browser writes them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _opportunities(report: dict[str, Any]) -> list[dict[str, Any]]:
    found = sorted(report["opportunities"], key=lambda each: -each["savings_ms"])
    return found[:MAX_OPPORTUNITIES]


def _time_to_first_byte(audits: dict[str, Any]) -> dict[str, Any]:
    """Read it from navigation start on; Lighthouse keeps it among its raw numbers."""
    items = audits.get("metrics", {}).get("details", {}).get("items") or [{}]
    value = items[0].get("timeToFirstByte")
    if value is None:
        return _NOTHING
    return {"value": float(value), "display_value": f"{value:,.0f} ms", "score": None}


def _metric(audit: dict[str, Any] | None) -> dict[str, Any]:
    if not audit or audit.get("numericValue") is None:
        return _NOTHING
    text = audit.get("displayValue")
    return {
        "value": float(audit["numericValue"]),
        "display_value": text and text.replace("\xa0", " "),
        "score": audit.get("score"),
    }


def _value(audit: dict[str, Any] | None) -> float | None:
    value: float | None = _metric(audit)["value"]
    return value


def _exceeds(value: float | None, limit: float | None, unit: int) -> bool:
    return value is not None and limit is not None and value > limit * unit
