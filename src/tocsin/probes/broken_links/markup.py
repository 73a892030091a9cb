"""The links of an HTML page, in the order of the document."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tocsin.probes.broken_links.charset import decode
from tocsin.probes.broken_links.exchange import Found, Page, PageLinks
from tocsin.probes.broken_links.srcset import candidates
from tocsin.probes.broken_links.urls import resolve_link
from tocsin.probes.broken_links.vocabulary import Role
from tocsin.probes.target import InvalidTarget

MAX_LINKS_A_PAGE = 10_000
MAX_TEXT = 100
_PAGES = frozenset({"a", "area", "iframe"})
_SINGLE = ("src", "poster")
_SELECTOR = ",".join((
    "a[href]", "area[href]", "img[src]", "img[srcset]", "source[src]", "source[srcset]",
    "video[src]", "video[poster]", "audio[src]", "script[src]", "link[href]", "iframe[src]",
    "form[action]",
))  # fmt: skip
# These name a host to prepare for, an endpoint that takes only POST, or a vocabulary: nothing that
# a visitor's browser would fetch.
_NOT_FETCHED = frozenset({"preconnect", "dns-prefetch", "pingback", "webmention", "hub", "profile"})


def read_links(page: Page) -> PageLinks:
    """Parse a page and return its links."""
    tree = LexborHTMLParser(decode(page.body, page.content_type))
    base = _base(tree, page.url)
    found: dict[tuple[str, Role], Found] = {}
    dropped = 0
    for node in tree.css(_SELECTOR):
        role = Role.PAGE if node.tag in _PAGES else Role.LINK
        for written in _addresses(node):
            if len(found) >= MAX_LINKS_A_PAGE:
                dropped += 1
            else:
                _add(found, node, role, base, written)
    return PageLinks(tuple(found.values()), dropped)


def _add(
    found: dict[tuple[str, Role], Found], node: LexborNode, role: Role, base: str, written: str
) -> None:
    try:
        url = resolve_link(base, written)
    except InvalidTarget:
        url, role = written.strip()[:MAX_TEXT], Role.MALFORMED
    if url is not None and (url, role) not in found:
        found[url, role] = Found(url, role, _text(node))


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    written = None if node is None else node.attributes.get("href")
    if not written:
        return url
    try:
        return resolve_link(url, written) or url
    except InvalidTarget:
        return url


def _addresses(node: LexborNode) -> Iterator[str]:
    attributes = node.attributes
    tag = node.tag
    if tag == "form":
        if (attributes.get("method") or "get").strip().lower() == "get":
            yield attributes.get("action") or ""
    elif tag == "link":
        rel = (attributes.get("rel") or "").lower().split()
        if rel and not _NOT_FETCHED.intersection(rel):
            yield attributes.get("href") or ""
    elif tag in {"a", "area"}:
        yield attributes.get("href") or ""
    else:
        yield from (value for name in _SINGLE if (value := attributes.get(name)))
        yield from candidates(attributes.get("srcset") or "")


def _text(node: LexborNode) -> str:
    if node.tag == "a":
        words = " ".join(node.text().split())
    else:
        attributes = node.attributes
        words = attributes.get("alt") or attributes.get("title") or ""
    return words[:MAX_TEXT]
