"""The status tool's section: the answer, where the time went, and the way there."""

from http import HTTPStatus
from typing import Any

from rich.text import Text

from tocsin.cli.render.section import Section
from tocsin.cli.render.text import BAD, GOOD, QUIET, clean, duration, plain
from tocsin.cli.render.timings import bar, legend


def status_section(result: dict[str, Any]) -> Section:
    """Tell a response's code and times, or why there was none."""
    section = Section(_headline(result))
    timings = result.get("timings") or {}
    if result["code"] and timings.get("total"):
        section.add("time", bar(timings))
        section.add("", legend(timings))
    section.add("from", _origin(result))
    for number, hop in enumerate(result.get("redirects") or ()):
        line = Text().append(f"{hop['code']} ", QUIET).append(clean(hop["url"]))
        section.add("" if number else "via", line)
    if result.get("redirected"):
        section.add("to", result.get("effective_url"))
    return section


def _headline(result: dict[str, Any]) -> Text:
    code = result["code"]
    if not code:
        return plain(result.get("error") or "No response.", BAD)
    verdict = Text("Up", style=GOOD) if result["up"] else Text("Down", style=BAD)
    words = f": {code} {_phrase(code)}".rstrip()
    return verdict.append(f"{words} in {duration(result['response_time'])}", style="default")


def _phrase(code: int) -> str:
    try:
        return HTTPStatus(code).phrase
    except ValueError:
        return ""


def _origin(result: dict[str, Any]) -> str:
    version = result.get("http_version")
    protocol = f"HTTP/{version}" if version else None
    return " · ".join(clean(part) for part in (result.get("ip"), protocol) if part)
