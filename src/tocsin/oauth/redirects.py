"""Where a client may have people sent back to: https, or a port of their own machine (RFC 8252)."""

import re
from urllib.parse import urlsplit

from tocsin.probes.target import InvalidTarget, parse_target

MAX_LENGTH = 1024
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# RFC 3986 lets nothing else stand in a URI; a backslash, above all, is read as a slash by browsers.
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)
_PORT = re.compile(r":[0-9]*\Z", re.ASCII)


def problem_of(uri: str) -> str | None:
    """Say in words why a client may not register a redirect URI, None where it may."""
    if len(uri) > MAX_LENGTH:
        return f"A redirect URI has {MAX_LENGTH} characters at most."
    if _URI.fullmatch(uri) is None:
        return "A redirect URI must be a plain URI, without spaces or control characters."
    try:
        scheme = parse_target(uri).scheme  # also holds it to a real host, a port, no user name
    except InvalidTarget as problem:
        return str(problem)
    if "#" in uri:
        return "A redirect URI has no fragment."
    if scheme == "https" or is_loopback(uri):
        return None
    return "A redirect URI uses https, or http to 127.0.0.1, [::1] or localhost."


def is_loopback(uri: str) -> bool:
    """Say whether a URI leads to the person's own machine, written in the plain way."""
    return host_of(uri) in LOOPBACK


def host_of(uri: str) -> str:
    """Return the host of a URI."""
    return urlsplit(uri).hostname or ""


def matches(asked: str, registered: str) -> bool:
    """Say whether a client that registered one URI may ask for another.

    They are the same, character by character; only the port of a loopback address is free.
    """
    if asked == registered:
        return True
    if problem_of(asked) is not None or problem_of(registered) is not None:
        return False
    both_http = asked.startswith("http://") and registered.startswith("http://")
    return both_http and is_loopback(registered) and _portless(asked) == _portless(registered)


def form_target(uri: str) -> str:
    """Return the source expression (Content Security Policy) that lets a form end at a URI."""
    parts = urlsplit(uri)
    # CSP has no way to write an IPv6 address.
    return "http:" if ":" in (parts.hostname or "") else f"{parts.scheme}://{parts.netloc}"


def _portless(uri: str) -> str:
    parts = urlsplit(uri)
    return uri.replace(parts.netloc, _PORT.sub("", parts.netloc), 1)
