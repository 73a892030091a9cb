"""The performance tool's section: the score, a dial a metric, and what would help most."""

from typing import Any

from rich.text import Text

from tocsin.cli.render.section import Section
from tocsin.cli.render.text import BAD, GOOD, QUIET, WARN, clean, counted, duration

# Lighthouse's own bounds of good and of poor, in hundredths.
GOOD_FROM, FAIR_FROM = 90, 50
DIAL_CELLS = 20
OPPORTUNITIES_SHOWN = 5
_NAMES = {
    "lcp": "largest paint",
    "cls": "layout shift",
    "tbt": "blocked",
    "fcp": "first paint",
    "speed_index": "speed index",
    "tti": "interactive",
    "ttfb": "first byte",
}
_LABELS = {"speed_index": "si"}


def performance_section(result: dict[str, Any]) -> Section:
    """Tell score and metrics of the median run, the spread of all, and what could be saved."""
    speed = result["speed_metrics"]
    section = Section(_headline(speed))
    section.add("page", result["url"], QUIET)
    metrics = speed["core_web_vitals"] | speed["metrics"]
    for name, words in _NAMES.items():
        section.add(_LABELS.get(name, name), _metric(metrics[name], words))
    for number, each in enumerate(speed["opportunities"][:OPPORTUNITIES_SHOWN]):
        saved = Text(duration(each["savings_ms"]), WARN)
        section.add("" if number else "saves", saved.append(f"  {clean(each['title'])}", "default"))
    section.add("runs", _runs([run["performance_score"] for run in speed["runs"]]))
    section.add("with", _environment(speed["environment"]), QUIET)
    return section


def dial(score: float) -> Text:
    """Draw a score of 0 to 100 as a dial, told apart by its length as well as by its colour."""
    full = round(score / 100 * DIAL_CELLS)
    return Text("▰" * full, _style(score)).append("▱" * (DIAL_CELLS - full), QUIET)


def _headline(speed: dict[str, Any]) -> Text:
    score = speed["performance_score"]
    return Text(f"Score {score} ", _style(score)).append_text(dial(score))


def _metric(metric: dict[str, Any], words: str) -> Text | None:
    if metric["value"] is None:
        return None
    score = metric["score"]
    style = "" if score is None else _style(score * 100)
    shown = metric["display_value"] or f"{metric['value']:.3g}"
    return Text(f"{clean(shown):>9}", style).append(f"  {words}", QUIET)


def _runs(scores: list[int]) -> str:
    told = ", ".join(map(str, scores))
    spread = max(scores) - min(scores)
    return f"{told} (spread {counted(spread, 'point')})" if len(scores) > 1 else told


def _environment(facts: dict[str, Any]) -> str:
    return (
        f"Lighthouse {clean(facts['lighthouse'])} · Chromium {clean(facts['chromium'])} · "
        f"{clean(facts['preset'])} · CPU {facts['cpu_benchmark']:.0f}"
    )


def _style(score: float) -> str:
    if score >= GOOD_FROM:
        return GOOD
    return WARN if score >= FAIR_FROM else BAD
