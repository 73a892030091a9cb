"""What a check found, in a few words for lists."""

from collections.abc import Mapping
from typing import Any

from tocsin.probes.contract import ProbeResult, Tool

LENGTH = 255


def summarise(result: ProbeResult) -> str:
    """Return one short line; plain text, at most 255 characters."""
    problem = "" if result.error is None else result.error.message
    return in_words(result.tool, result.result, problem)


def in_words(tool: Tool, found: Mapping[str, Any] | None, problem: str = "") -> str:
    """Return the same for a stored result; `problem` is why there is none.

    Empty where there is neither, or a result without anything that stands in a line.
    """
    if problem:
        return _clean(problem)
    words = _WORDS.get(tool)
    return _clean(words(found)) if words and found else ""


def _clean(text: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable[:LENGTH]


def _status(found: Mapping[str, Any]) -> str:
    milliseconds, code = found.get("response_time"), found.get("code")
    if not code:
        return ""
    return f"{code} in {milliseconds:.0f} ms" if milliseconds is not None else f"{code}"


def _ssl(found: Mapping[str, Any]) -> str:
    if not found.get("is_valid"):
        return str(found.get("failure_message") or found.get("failure_type") or "Not valid")
    days = found.get("days_left")
    if days is None:
        return "Valid"
    return f"Valid for {days} more day{'' if days == 1 else 's'}"


def _dns(found: Mapping[str, Any]) -> str:
    records = found.get("records") or {}
    present = [kind for kind, values in records.items() if values]
    return ", ".join(f"{len(records[kind])} {kind}" for kind in present) or "No records"


def _links(found: Mapping[str, Any]) -> str:
    broken, crawled = found.get("found"), found.get("crawled")
    if broken is None or crawled is None:
        return ""
    return f"{broken} broken on {crawled} page{'' if crawled == 1 else 's'}"


def _performance(found: Mapping[str, Any]) -> str:
    score = (found.get("speed_metrics") or {}).get("performance_score")
    return f"Score {score:.0f}" if isinstance(score, int | float) else ""


_WORDS = {
    Tool.STATUS: _status,
    Tool.SSL: _ssl,
    Tool.DNS: _dns,
    Tool.BROKEN_LINKS: _links,
    Tool.PERFORMANCE: _performance,
}
