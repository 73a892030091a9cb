"""Text of users made fit for a message: what it says stays, what it could do to a screen goes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SHORTENED = "… (shortened)"
REPLACEMENT = "\ufffd"
_SURROGATES = re.compile("[\ud800-\udfff]")
# Controls but tab and line feed; what reorders the text around it, so that a name could pretend to
# be another; the byte order mark and other invisible joints.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)
_SPACES = re.compile(r"\s+")
LONGEST_ESCAPE = len("&quot;")
MINUTE, HOUR, DAY = 60, 3600, 86400


def encodable(text: str) -> str:
    """Replace lone surrogates, which no encoding can carry; everything else stays."""
    return _SURROGATES.sub(REPLACEMENT, text)


def fit(text: str) -> str:
    """Return the text without characters that control the display; lines stay lines."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return the text on one line, without characters that control the display."""
    return _SPACES.sub(" ", fit(text)).strip()


def clip(text: str, limit: int) -> str:
    """Shorten to `limit` characters and say so; an ellipsis alone where there is no room to."""
    if len(text) <= limit:
        return text
    sign = SHORTENED if limit >= 4 * len(SHORTENED) else "…"
    return text[: limit - len(sign)].rstrip() + sign


def clip_escaped(text: str, limit: int, escape: Callable[[str], str]) -> str:
    """Escape, shortened so that what comes out has at most `limit` characters."""
    room = limit
    while len(escaped := escape(clip(text, room))) > limit:
        room -= -(-(len(escaped) - limit) // LONGEST_ESCAPE)
    return escaped


def and_more(count: int) -> str:
    """Say what a list leaves out."""
    return f"… and {count} more: all of them are in the dashboard."


def moment(at: datetime) -> str:
    """Write a moment for people: “24 Nov 2026, 03:12 UTC”."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def duration(span: timedelta) -> str:
    """Write a span for people by its two largest units: “1 h 12 min”, “3 d 4 h”, “40 s”."""
    seconds = int(span.total_seconds())
    if seconds < MINUTE:
        return f"{seconds} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < DAY:
        return _two(seconds, HOUR, "h", MINUTE, "min")
    return _two(seconds, DAY, "d", HOUR, "h")


def _two(seconds: int, large: int, large_name: str, small: int, small_name: str) -> str:
    whole, rest = divmod(seconds, large)
    parts = rest // small
    return f"{whole} {large_name} {parts} {small_name}" if parts else f"{whole} {large_name}"
