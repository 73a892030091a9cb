"""A small typed client of Tocsin's API. Needs httpx2 and msgspec, and nothing of the server.

from tocsin_client import Tocsin

with Tocsin("https://monitor.example.com", token) as tocsin:
    for site in tocsin.sites(team=1):
        print(site.name, site.latest_checks["status"])
"""

from tocsin_client.client import NewSite, SiteChange, Tocsin, WantedSite
from tocsin_client.errors import (
    ApiError,
    ConflictError,
    ConnectionFailedError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    PlanInactiveError,
    RateLimitedError,
    ServerFailedError,
    TocsinError,
    UnauthenticatedError,
    UnexpectedAnswerError,
    WaitTimeoutError,
)
from tocsin_client.listing import Listing
from tocsin_client.waiting import Progress, QueuedChecks

__all__ = [
    "ApiError",
    "ConflictError",
    "ConnectionFailedError",
    "ForbiddenError",
    "InvalidError",
    "Listing",
    "NewSite",
    "NotFoundError",
    "PlanInactiveError",
    "Progress",
    "QueuedChecks",
    "RateLimitedError",
    "ServerFailedError",
    "SiteChange",
    "Tocsin",
    "TocsinError",
    "UnauthenticatedError",
    "UnexpectedAnswerError",
    "WaitTimeoutError",
    "WantedSite",
]
