"""What every body and every query of a list have in common."""

from ninja import Schema
from pydantic import ConfigDict, Field

from tocsin.kit.pagination import DEFAULT_PER_PAGE, MOST_PER_PAGE, PageRequest


class Body(Schema):
    """Base of all bodies: a field that does not exist is an error, not overlooked."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Schema):
    """Which page of a list; a list's own filters are added in a class below."""

    page: int = Field(1, ge=1)
    per_page: int = Field(DEFAULT_PER_PAGE, ge=1, le=MOST_PER_PAGE)

    def wanted(self) -> PageRequest:
        """Return what to ask the query for."""
        return PageRequest(self.page, self.per_page)
