"""Which encoding a page is written in: byte order mark, then header, then meta, then UTF-8."""

import re

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?([^\s\"';]+)", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,256}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_:.-]+)", re.IGNORECASE)
_META_WITHIN = 1024
# What pages call Latin-1 is read by every browser as Windows' superset of it.
_READ_AS = {"iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252"}


def decode(body: bytes, content_type: str) -> str:
    """Decode a page; bytes that mean nothing become replacement characters."""
    try:
        return body.decode(_encoding(body, content_type), "replace")
    except (LookupError, UnicodeError, ValueError):
        return body.decode("utf-8", "replace")


def _encoding(body: bytes, content_type: str) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return encoding
    header = _HEADER.search(content_type)
    if header is not None:
        return _named(header[1])
    meta = _META.search(body, 0, _META_WITHIN)
    if meta is None:
        return "utf-8"
    named = _named(meta[1].decode("ascii"))
    # A page whose meta can be read as ASCII is not written in sixteen bits.
    return "utf-8" if named.startswith("utf-16") else named


def _named(label: str) -> str:
    label = label.lower()
    return _READ_AS.get(label, label)
