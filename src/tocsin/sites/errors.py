"""Why a site cannot be created or changed, in words for people.

They are verdicts on what somebody asked for, so they are named as such.
"""

from typing import ClassVar

from tocsin.kit.errors import InvalidInput


class SiteError(InvalidInput):
    """A value was refused. `field` is the contract's name of it, `reason` is for programs."""

    field: ClassVar[str] = "url"
    reason: ClassVar[str] = "invalid"

    def __init__(self, message: str) -> None:
        super().__init__({self.field: [message]})


class InvalidUrl(SiteError):  # noqa: N818
    """The address breaks the URL rules."""

    reason = "invalid_url"


class TargetRefused(SiteError):  # noqa: N818
    """The egress policy refuses the address or port."""

    reason = "egress_refused"


class DuplicateSite(SiteError):  # noqa: N818
    """The team watches this address already."""

    reason = "duplicate"


class InvalidName(SiteError):  # noqa: N818
    """The name is empty, too long or holds control characters."""

    field = "name"
    reason = "invalid_name"


class InvalidNotes(SiteError):  # noqa: N818
    """The notes are too long or hold a null character."""

    field = "notes"
    reason = "invalid_notes"
