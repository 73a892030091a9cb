"""What a domain says when it will not do something; faces turn these into their own answers."""

from collections.abc import Mapping, Sequence

from django.utils.translation import ngettext


class DomainError(Exception):
    """Something was refused. `code` is for programs, the message is one sentence for people."""

    code = "refused"


class NotFound(DomainError):  # noqa: N818 - named for what is the matter
    """There is no such thing, or none that the principal may know of."""

    code = "not_found"


class Conflict(DomainError):  # noqa: N818
    """The thing is in a state that does not allow this."""

    code = "conflict"


class LimitReached(DomainError):  # noqa: N818
    """The team's plan has no room left."""

    code = "limit_reached"


class InvalidInput(DomainError):  # noqa: N818
    """Values that cannot be used: `errors` is dotted field → messages."""

    code = "validation_failed"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        messages = [message for each in self.errors.values() for message in each]
        more = len(messages) - 1
        super().__init__(_with_more(messages[0], more) if more else messages[0])


def _with_more(first: str, more: int) -> str:
    sentence = ngettext(
        "%(first)s (and %(count)s more error)", "%(first)s (and %(count)s more errors)", more
    )
    return sentence % {"first": first, "count": more}


def invalid(field: str, message: str) -> InvalidInput:
    """Make the error of one field with one message."""
    return InvalidInput({field: [message]})
