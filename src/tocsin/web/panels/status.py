"""What a status check found: code, phases, redirects, and where the answer came from."""

from dataclasses import dataclass
from http import HTTPStatus

from tocsin.checks.response_times import phases_of
from tocsin.web.charts.waterfall import Step, waterfall
from tocsin.web.panels.reading import Found, number, objects, text


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect."""

    code: str
    url: str


@dataclass(frozen=True, slots=True)
class StatusBody:
    """`code` with its phrase, empty where no response came; `steps` are its phases."""

    code: str
    total: float | None
    steps: tuple[Step, ...]
    hops: tuple[Hop, ...]
    effective_url: str
    address: str
    http_version: str


def body(found: Found) -> StatusBody:
    """Read a result."""
    phases = phases_of(found.get("timings"))
    hops = objects(found, "redirects")
    return StatusBody(
        code=_code(number(found, "code")),
        total=number(found, "response_time"),
        steps=waterfall(phases) if phases else (),
        hops=tuple(Hop(f"{number(hop, 'code') or 0:.0f}", text(hop, "url")) for hop in hops),
        effective_url=text(found, "effective_url"),
        address=text(found, "ip"),
        http_version=text(found, "http_version"),
    )


def _code(code: float | None) -> str:
    if not code:
        return ""
    try:
        return f"{code:.0f} {HTTPStatus(int(code)).phrase}"
    except ValueError:
        return f"{code:.0f}"
