"""The egress policy that addresses must pass when they are saved."""

from functools import lru_cache

from django.conf import settings

from tocsin.probes.egress import EgressPolicy, EgressRefused, check_url
from tocsin.sites.errors import TargetRefused
from tocsin.sites.phrases import ADDRESSES


def judge_when_saved(url: str, policy: EgressPolicy | None = None) -> None:
    """Raise TargetRefused for a port or literal address that checks may not connect to.

    Names are judged at every connection, since what they resolve to changes.
    """
    try:
        check_url(url, policy or operators_policy())
    except EgressRefused as error:
        raise TargetRefused(ADDRESSES.said(str(error))) from None


def operators_policy() -> EgressPolicy:
    """Return the policy that the operator's settings describe."""
    return _policy(tuple(settings.EGRESS_ALLOW))


@lru_cache(maxsize=4)
def _policy(allow: tuple[str, ...]) -> EgressPolicy:
    return EgressPolicy(allow)
