"""The words of a crawl's result, as in the product contract."""

from enum import StrEnum


class Cause(StrEnum):
    """Why a link is listed."""

    NOT_FOUND = "not_found"
    GONE = "gone"
    SERVER_ERROR = "server_error"
    DNS = "dns"
    TIMEOUT = "timeout"
    CONNECT = "connect"
    TLS = "tls"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate_limited"
    OTHER = "other"

    @property
    def is_dead(self) -> bool:
        """Tell whether a link is dead for everyone, and not only closed to a robot."""
        return self not in {Cause.BLOCKED, Cause.RATE_LIMITED}


class FinishReason(StrEnum):
    """Why a crawl ended."""

    COMPLETED = "completed"
    PAGE_LIMIT = "page_limit"
    DEPTH_LIMIT = "depth_limit"
    TIME_LIMIT = "time_limit"
    BLOCKED = "blocked"
    START_FAILED = "start_failed"


class Role(StrEnum):
    """What a page does with an address: `page` may be read in turn, `link` is only looked at."""

    PAGE = "page"
    LINK = "link"
    MALFORMED = "malformed"
