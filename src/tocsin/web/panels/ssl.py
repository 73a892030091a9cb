"""What an ssl check found: how long the certificate lasts, whose it is, and its chain."""

import re
from dataclasses import dataclass
from datetime import datetime

from tocsin.web.charts.lifetime import Lifetime, lifetime
from tocsin.web.panels.reading import Found, moment, number, objects, part, text, texts
from tocsin.web.phrases import said

_COMMON_NAME = re.compile(r"(?:^|,)CN=((?:\\.|[^,\\])+)")
_ORGANISATION = re.compile(r"(?:^|,)O=((?:\\.|[^,\\])+)")


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of the chain, the site's own first; `valid_to` None where untold."""

    name: str
    valid_to: datetime | None


@dataclass(frozen=True, slots=True)
class SslBody:
    """`days_left` is None where no certificate was seen."""

    is_valid: bool
    failure: str
    days_left: int | None
    valid_from: datetime | None
    valid_to: datetime | None
    life: Lifetime | None
    issuer: str
    names: tuple[str, ...]
    chain: tuple[Link, ...]
    protocol: str
    cipher: str
    key: str
    fingerprint: str


def body(found: Found, *, expiry_days: int, now: datetime) -> SslBody:
    """Read a result; `expiry_days` before its end a certificate is about to expire."""
    begins, ends = moment(found, "valid_from"), moment(found, "valid_to")
    left = number(found, "days_left")
    info = part(found, "info")
    names = texts(info, "names") or [text(found, "issued_to")]
    return SslBody(
        is_valid=found.get("is_valid") is True,
        failure=said(text(found, "failure_message")),
        days_left=None if left is None else int(left),
        valid_from=begins,
        valid_to=ends,
        life=lifetime(begins, ends, now, expiry_days) if begins and ends else None,
        issuer=text(found, "issuer"),
        names=tuple(filter(None, names)),
        chain=tuple(_chain(objects(found, "chain"))),
        protocol=text(found, "protocol"),
        cipher=text(found, "cipher"),
        key=text(info, "key"),
        fingerprint=text(found, "fingerprint"),
    )


def _chain(links: list[Found]) -> list[Link]:
    chain = [Link(short_name(text(link, "subject")), moment(link, "valid_to")) for link in links]
    root = short_name(text(links[-1], "issuer")) if links else ""
    if root and root != chain[-1].name:
        chain.append(Link(root, None))
    return chain


def short_name(name: str) -> str:
    """Shorten a distinguished name (RFC 4514) to its common name, where it has one."""
    found = _COMMON_NAME.search(name) or _ORGANISATION.search(name)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else name
