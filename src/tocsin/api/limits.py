"""How often the API may be asked; contract, section 2."""

from django.http import HttpRequest, HttpResponse

from tocsin.kit.throttle import Quota, SlidingWindow, tighter

requests_a_token = SlidingWindow("api requests", limit=120, seconds=60)
check_runs_a_token = SlidingWindow("api check runs", limit=10, seconds=60)
failures_an_address = SlidingWindow("api failures", limit=60, seconds=60)


def note(request: HttpRequest, quota: Quota) -> None:
    """Remember a quota that applies to a request; the tightest is told."""
    noted: Quota | None = getattr(request, "quota", None)
    request.quota = quota if noted is None else tighter(noted, quota)  # type: ignore[attr-defined]


def tell(request: HttpRequest, response: HttpResponse) -> None:
    """Say on the answer what is left."""
    quota: Quota = request.quota  # type: ignore[attr-defined]
    response["X-RateLimit-Limit"] = str(quota.limit)
    response["X-RateLimit-Remaining"] = str(quota.remaining)
    response["X-RateLimit-Reset"] = str(quota.reset)
