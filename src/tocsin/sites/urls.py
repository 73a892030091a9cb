"""The URL rules: one spelling for one address."""

from urllib.parse import urlsplit

from django.utils.translation import gettext

from tocsin.probes.target import DEFAULT_PORTS, MAX_URL_LENGTH, InvalidTarget, Target, parse_target
from tocsin.sites.errors import InvalidUrl
from tocsin.sites.phrases import ADDRESSES


def canonical_url(text: str) -> str:
    """Return the one spelling under which a site's address is kept.

    Scheme and host lower case, host in ASCII (IDNA), no default port, no fragment, no `/` at a bare
    root; the rest as it was. Applying it twice changes nothing. Raises InvalidUrl.
    """
    text = text.strip()
    try:
        target = parse_target(text)
    except InvalidTarget as error:
        raise InvalidUrl(ADDRESSES.said(str(error))) from None
    url = f"{target.scheme}://{_authority(target)}{_rest(text)}"
    if len(url) > MAX_URL_LENGTH:
        sentence = gettext("The URL is longer than %(most)d characters.")
        raise InvalidUrl(sentence % {"most": MAX_URL_LENGTH})
    return url


def domain_of(url: str) -> str:
    """Return the host of a canonical URL, without port, as people see it."""
    return parse_target(url).host


def _authority(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    if target.port == DEFAULT_PORTS[target.scheme]:
        return host
    return f"{host}:{target.port}"


def _rest(text: str) -> str:
    # Cut, not taken apart and rebuilt: rebuilding would drop an empty query's question mark.
    parts = urlsplit(text)
    start = len(parts.scheme) + len("://") + len(parts.netloc)
    rest = text[start:].partition("#")[0]
    if rest == "/" or rest.startswith("/?"):
        return rest[1:]
    return rest
