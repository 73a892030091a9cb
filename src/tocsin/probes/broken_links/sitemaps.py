"""Sitemaps: the addresses they name, plain or gzipped, without an XML parser to be bombed."""

import html
import re
import zlib
from collections.abc import Iterator

import msgspec

_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_INDEX = re.compile(rb"<(?:\w+:)?sitemapindex[\s>]")
_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?([^<\]]{1,2048})", re.IGNORECASE)


class Sitemap(msgspec.Struct, frozen=True):
    """What a sitemap names: pages, or other sitemaps where it is an index."""

    urls: tuple[str, ...]
    is_index: bool


def read_sitemap(body: bytes, *, max_bytes: int, max_urls: int) -> Sitemap:
    """Read a sitemap; of a gzipped one at most `max_bytes` are unfolded."""
    text = _unfolded(body, max_bytes)
    return Sitemap(tuple(_locations(text, max_urls)), _INDEX.search(text, 0, 4096) is not None)


def _locations(text: bytes, max_urls: int) -> Iterator[str]:
    for number, found in enumerate(_LOC.finditer(text.decode("utf-8", "replace"))):
        if number >= max_urls:
            return
        yield html.unescape(found[1]).strip()


def _unfolded(body: bytes, max_bytes: int) -> bytes:
    if not body.startswith(_GZIP):
        return body[:max_bytes]
    try:
        return zlib.decompressobj(_GZIP_WINDOW).decompress(body, max_bytes)
    except zlib.error:
        return b""
