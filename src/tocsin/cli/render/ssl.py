"""The ssl tool's section: how long the certificate is good for, or what is wrong with it."""

from datetime import datetime
from typing import Any

from rich.text import Text

from tocsin.cli.render.section import Section
from tocsin.cli.render.text import BAD, GOOD, QUIET, WARN, clean, counted, plain
from tocsin.probes.contract import Outcome

NAMES_SHOWN = 5


def ssl_section(result: dict[str, Any], outcome: Outcome) -> Section:
    """Tell validity, issuer, names and chain."""
    section = Section(_headline(result, outcome))
    if result["valid_to"] is None:
        return section
    section.add("issuer", result["issuer"])
    section.add("for", _names(result))
    section.add("valid", f"{_day(result['valid_from'])} to {_day(result['valid_to'])}")
    section.add("chain", _chain(result["chain"]))
    agreed = " · ".join(clean(result[name]) for name in ("protocol", "cipher", "ip"))
    section.add("tls", agreed, QUIET)
    return section


def _headline(result: dict[str, Any], outcome: Outcome) -> Text:
    if not result["is_valid"]:
        return plain(result["failure_message"], BAD)
    left = result["days_left"]
    if outcome is Outcome.OK:
        words = f" for another {counted(left, 'day')}"
        return Text("Valid", style=GOOD).append(words, style="default")
    return Text(f"Expires in {counted(left, 'day')}" if left else "Expires today", style=WARN)


def _names(result: dict[str, Any]) -> str:
    names = result["info"].get("names") or [result["issued_to"]]
    more = len(names) - NAMES_SHOWN
    told = ", ".join(clean(name) for name in names[:NAMES_SHOWN])
    return f"{told} and {more} more" if more > 0 else told


def _chain(links: list[dict[str, Any]]) -> str:
    subjects = [_short(link["subject"]) for link in links]
    root = _short(links[-1]["issuer"])
    return " ← ".join(subjects if subjects[-1] == root else [*subjects, root])


def _short(name: str) -> str:
    """Shorten a distinguished name (RFC 4514) to its common name, where it has one."""
    parts = dict(part.partition("=")[::2] for part in name.replace("\\,", "،").split(","))
    short = parts.get("CN") or parts.get("O") or name
    return clean(short.replace("،", ","), 60)


def _day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%-d %b %Y}"
