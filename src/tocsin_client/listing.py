"""Lists that come in pages, asked for as they are read."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from tocsin_client.resources import Page
from tocsin_client.transport import Transport

Item = TypeVar("Item")

MOST_PER_PAGE = 100


class Listing(Generic[Item]):
    """All items of a list, page by page: iterate over it, as often as you like.

    Nothing is asked before the first item is; each iteration asks anew. What is added at the top
    of a list meanwhile moves the rest down, so that an item may come twice.
    """

    def __init__(
        self, transport: Transport, path: str, kind: Any, query: Mapping[str, str]
    ) -> None:
        self._transport, self._path, self._query = transport, path, query
        self._decoder: msgspec.json.Decoder[Page[Item]] = msgspec.json.Decoder(Page[kind])

    def __iter__(self) -> Iterator[Item]:
        for page in self.pages():
            yield from page.data

    def __repr__(self) -> str:
        return f"<Listing of {self._path}>"

    def pages(self) -> Iterator[Page[Item]]:
        """Yield every page from the first."""
        number = 1
        while True:
            page = self.page(number)
            yield page
            if page.links.next is None:
                return
            number += 1

    def page(self, number: int, *, per_page: int = MOST_PER_PAGE) -> Page[Item]:
        """Return one page, counted from 1; empty past the end."""
        query = {**self._query, "page": str(number), "per_page": str(per_page)}
        return self._decoder.decode(self._transport.send("GET", self._path, query=query))

    def total(self) -> int:
        """Return how many items there are now."""
        return self.page(1, per_page=1).meta.total
