"""Pages of a list; contract, section 2."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

DEFAULT_PER_PAGE = 25
MOST_PER_PAGE = 100
MOST_OFFSET = 2**62  # what both databases take; a page further out is as empty


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for; numbers from 1."""

    page: int = 1
    per_page: int = DEFAULT_PER_PAGE

    @property
    def offset(self) -> int:
        """Return how many items come before the page."""
        return min((self.page - 1) * self.per_page, MOST_OFFSET)


@dataclass(frozen=True, slots=True)
class PageOf:
    """One page of something of which there are `total`; `count` items stand on it."""

    request: PageRequest
    count: int
    total: int

    @property
    def last_page(self) -> int:
        """Return the number of the last page; an empty list has one."""
        return max(1, math.ceil(self.total / self.request.per_page))

    def meta(self, path: str) -> dict[str, object]:
        """Describe the page; `path` is the list's absolute URL."""
        first = self.request.offset + 1
        return {
            "current_page": self.request.page,
            "from": first if self.count else None,
            "last_page": self.last_page,
            "path": path,
            "per_page": self.request.per_page,
            "to": first + self.count - 1 if self.count else None,
            "total": self.total,
        }

    def links(self, path: str, query: Mapping[str, str]) -> dict[str, str | None]:
        """Return absolute URLs of other pages under the same query, None where there is none."""
        page, last = self.request.page, self.last_page

        def link(number: int) -> str:
            return f"{path}?{urlencode({**query, 'page': number})}"

        return {
            "first": link(1),
            "last": link(last),
            "prev": link(min(page - 1, last)) if page > 1 else None,
            "next": link(page + 1) if page < last else None,
        }
