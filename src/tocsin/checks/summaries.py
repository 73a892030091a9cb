"""What a check found, in a few words for lists."""

from typing import Any

from tocsin.probes.contract import ProbeResult, Tool

LENGTH = 255


def summarise(result: ProbeResult) -> str:
    """Return one short line; plain text, at most 255 characters."""
    if result.error is not None:
        return _clean(result.error.message)
    found = result.result or {}
    words = _WORDS.get(result.tool)
    return _clean(words(found)) if words else ""


def _clean(text: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable[:LENGTH]


def _status(found: dict[str, Any]) -> str:
    milliseconds = found.get("response_time")
    code = found.get("code")
    return f"{code} in {milliseconds:.0f} ms" if milliseconds is not None else f"{code}"


def _ssl(found: dict[str, Any]) -> str:
    if not found.get("is_valid"):
        return str(found.get("failure_message") or found.get("failure_type") or "Not valid")
    days = found.get("days_left")
    return f"Valid for {days} more day{'' if days == 1 else 's'}"


def _dns(found: dict[str, Any]) -> str:
    records = found.get("records") or {}
    present = [kind for kind, values in records.items() if values]
    return ", ".join(f"{len(records[kind])} {kind}" for kind in present) or "No records"


_WORDS = {Tool.STATUS: _status, Tool.SSL: _ssl, Tool.DNS: _dns}
