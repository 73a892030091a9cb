"""What every body and every query of a list have in common."""

from django.http import HttpRequest
from ninja import Schema
from pydantic import ConfigDict, Field

from tocsin.api import errors
from tocsin.kit.pagination import DEFAULT_PER_PAGE, MOST_PER_PAGE, PageRequest

JSON = "application/json"
MOST_BODY_BYTES = 1024 * 1024


class Body(Schema):
    """Base of all bodies: a field that does not exist is an error, not overlooked."""

    model_config = ConfigDict(extra="forbid")


class NoFields(Body):
    """A body that says nothing, where there is nothing to say; it may be left out."""


NOTHING = NoFields()


class PageQuery(Schema):
    """Which page of a list; a list's own filters are added in a class below."""

    page: int = Field(1, ge=1, description="Which page; one past the end is empty.")
    per_page: int = Field(
        DEFAULT_PER_PAGE, ge=1, le=MOST_PER_PAGE, description="How many items a page holds."
    )

    def wanted(self) -> PageRequest:
        """Return what to ask the query for."""
        return PageRequest(self.page, self.per_page)


def check(request: HttpRequest) -> None:
    """Refuse a body that is too large or is not sent as JSON; no body at all passes.

    Raises UnreadableError.
    """
    if _length(request) > MOST_BODY_BYTES:
        raise errors.UnreadableError(413, "payload_too_large", "The body is too large.")
    if _length(request) and request.content_type != JSON:
        raise errors.UnreadableError(415, "unsupported_media_type", f"Send the body as {JSON}.")


def _length(request: HttpRequest) -> int:
    stated = request.META.get("CONTENT_LENGTH") or ""
    if stated.isdecimal():
        return int(stated)
    if "HTTP_TRANSFER_ENCODING" not in request.META:
        return 0
    # Sent in chunks: Django would take it for empty, so it is read here, up to what may be.
    request._body = request.META["wsgi.input"].read(MOST_BODY_BYTES + 1)  # noqa: SLF001
    del request.META["HTTP_TRANSFER_ENCODING"]
    request.META["CONTENT_LENGTH"] = str(len(request.body))
    return len(request.body)
