"""One spelling for one address: what a page wrote, made absolute and canonical.

The rules are those of a site's own URL: scheme and host lower case, host in ASCII, no default port,
no fragment, no `/` at a bare root, the rest as it was, but escaped where HTTP needs it.
"""

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

from tocsin.probes.target import DEFAULT_PORTS, MAX_URL_LENGTH, InvalidTarget, Target, parse_target

_TRIMMED = "".join(map(chr, range(0x21)))
_DROPPED = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_PLAIN = re.compile(r"[\x21-\x7e]*\Z")
_KEPT = "".join(map(chr, range(0x21, 0x7F)))
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")


def resolve_link(base: str, written: str) -> str | None:
    """Return the canonical URL that a link leads to from `base`, None where there is none to visit.

    None for other schemes than http and https, for addresses with credentials in them, and for
    those longer than 2,048 characters. Raises InvalidTarget for what no browser could follow.
    """
    text = _DROPPED.sub("", written.strip(_TRIMMED))
    scheme = _SCHEME.match(text)
    if scheme is not None and scheme[1].lower() not in DEFAULT_PORTS:
        return None
    try:
        return canonical(urljoin(base, _with_slashes(text)))
    except InvalidTarget:
        raise
    except ValueError as error:
        raise InvalidTarget(f"Not a URL: {error}.") from error


def canonical(url: str) -> str | None:
    """Return the canonical spelling of an absolute URL; None and errors as `resolve_link`."""
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc:
        return None
    path = "" if parts.path == "/" else _escaped(parts.path)
    query = f"?{_escaped(parts.query)}" if parts.query else ""
    found = f"{_origin(parts.scheme, parts.netloc)}{path}{query}"
    return found if len(found) <= MAX_URL_LENGTH else None


@lru_cache(maxsize=4096)
def _origin(scheme: str, netloc: str) -> str:
    target = parse_target(f"{scheme}://{netloc}")
    return origin_of(target)


def origin_of(target: Target) -> str:
    """Write scheme, host and port, without a default port."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    port = "" if target.port == DEFAULT_PORTS[target.scheme] else f":{target.port}"
    return f"{target.scheme}://{host}{port}"


def _escaped(text: str) -> str:
    if _PLAIN.match(text) is None:
        text = quote(text, safe=_KEPT, errors="replace")
    return _ESCAPE.sub(lambda found: found[0].upper(), text) if "%" in text else text


def _with_slashes(text: str) -> str:
    # Browsers take a backslash before the query for a slash.
    if "\\" not in text:
        return text
    end = re.search(r"[?#]|\Z", text)
    cut = len(text) if end is None else end.start()
    return text[:cut].replace("\\", "/") + text[cut:]
