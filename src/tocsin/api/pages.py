"""Lists that come in pages; contract, section 2."""

from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec
from django.conf import settings
from django.http import HttpRequest

from tocsin.kit.pagination import PageOf, PageRequest

Item = TypeVar("Item")


class Links(msgspec.Struct, frozen=True):
    """Absolute URLs of other pages, null where there is none."""

    first: str
    last: str
    prev: str | None
    next: str | None


class Meta(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """Where the page stands in its list; items are numbered from 1."""

    current_page: int
    first: int | None
    last_page: int
    path: str
    per_page: int
    last: int | None
    total: int


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """One page of a list."""

    data: list[Item]
    links: Links
    meta: Meta


def page_of(
    request: HttpRequest, wanted: PageRequest, items: Iterable[Item], total: int
) -> Page[Item]:
    """Put a page together from its items and the number of all."""
    data = list(items)
    page = PageOf(wanted, len(data), total)
    path = settings.BASE_URL + request.path
    query = {name: str(value) for name, value in request.GET.items() if name != "page"}
    return Page(
        data=data,
        links=msgspec.convert(page.links(path, query), Links),
        meta=msgspec.convert(page.meta(path), Meta),
    )
