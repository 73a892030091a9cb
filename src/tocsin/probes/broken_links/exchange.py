"""What a crawl and the child that parses its pages say to each other.

Frames on both pipes: four bytes of length, then MessagePack.
"""

import struct

import msgspec

from tocsin.probes.broken_links.vocabulary import Role

LENGTH = struct.Struct(">I")


class Page(msgspec.Struct, frozen=True, array_like=True):
    """An HTML page as it came: its final URL, its bytes and its Content-Type."""

    url: str
    body: bytes
    content_type: str


class Found(msgspec.Struct, frozen=True, array_like=True):
    """One address on a page: its canonical URL (as written where malformed), role and text."""

    url: str
    role: Role
    text: str


class PageLinks(msgspec.Struct, frozen=True, array_like=True):
    """What a page links to, each address once a role; `dropped` are those beyond the bound."""

    links: tuple[Found, ...] = ()
    dropped: int = 0
