"""Fetch the document under a URL that a client uses as its id, through the egress gate.

The toolkit calls this, bounds how many fetches run at once, waits a minute after a failure, and
keeps what was found for as long as the document's server allows.
"""

import asyncio
import re
from typing import Any

from django.conf import settings
from oauth2_provider.cimd import CIMDError

from tocsin.kit import context
from tocsin.kit.throttle import SlidingWindow
from tocsin.oauth.metadata import CODE_GRANT, MAX_BYTES, MetadataRefused, decode, read_document
from tocsin.probes.outbound.client import Outbound
from tocsin.probes.outbound.messages import Answer, OutboundError, OutboundLimits, Outgoing
from tocsin.probes.target import InvalidTarget, parse_target
from tocsin.sites.egress import operators_policy

OK = 200
LIMITS = OutboundLimits(
    connect_seconds=3, total_seconds=5, read_bytes=MAX_BYTES + 1, kept_bytes=MAX_BYTES + 1
)
SHORTEST_AGE, LONGEST_AGE = 300, 86_400  # seconds
ACCEPT = ("Accept", "application/json, application/*+json")
_MAX_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE | re.ASCII)
_JSON = re.compile(r"application/([^;]+\+)?json\s*(;|\Z)", re.IGNORECASE)
_DOT_SEGMENT = re.compile(r"/\.{1,2}(/|\Z)")

fetches_an_address = SlidingWindow("oauth documents", limit=20, seconds=60)


class FetchesAnAddress:
    """Lets documents be fetched for people who are signed in, a few a minute from one address."""

    def has_permission(self, request: Any, _client_id: str) -> bool:
        """Decide for one request, as oauthlib read it.

        Only the consent page asks for documents. At the other endpoints, which anybody reaches,
        a client is known by then, or is none.
        """
        if request.grant_type is not None or request.token is not None:
            return False
        return fetches_an_address.hit(context.current().address).allowed


class DocumentFetcher:
    """What the toolkit asks for a document."""

    def fetch(self, client_id: str) -> tuple[dict[str, Any], int]:
        """Return what the document says, as far as we support it, and for how many seconds.

        Raises CIMDError.
        """
        try:
            _check_address(client_id)
            answer = asyncio.run(_get(client_id))
            _check_answer(answer)
            found = read_document(decode(answer.body), client_id)
        except (InvalidTarget, OutboundError, MetadataRefused) as error:
            raise CIMDError(str(error)) from None
        return {
            "client_id": client_id,
            "client_name": found.name,
            "redirect_uris": list(found.redirect_uris),
            "grant_types": [CODE_GRANT],
        }, _age(answer)


async def _get(url: str) -> Answer:
    outbound = Outbound(
        operators_policy(),
        user_agent=f"Tocsin (+{settings.BASE_URL})",
        extra_ca_file=None if settings.EXTRA_CA_FILE is None else str(settings.EXTRA_CA_FILE),
        limits=LIMITS,
    )
    try:
        return await outbound.send(Outgoing(url, (ACCEPT,)))
    finally:
        await outbound.close()


def _check_address(url: str) -> None:
    if parse_target(url).scheme != "https":
        raise InvalidTarget("The address of a document uses https.")
    path = url.removeprefix("https://").partition("/")[2].partition("?")[0]
    if not path or "#" in url or _DOT_SEGMENT.search("/" + path):
        raise InvalidTarget("The address of a document has a plain path and no fragment.")


def _check_answer(answer: Answer) -> None:
    if answer.code != OK:
        raise MetadataRefused(f"The document's server answered {answer.code}.")
    if _JSON.match(answer.headers.get("content-type", "")) is None:
        raise MetadataRefused("The document is not served as JSON.")


def _age(answer: Answer) -> int:
    control = answer.headers.get("cache-control", "")
    if "no-store" in control or "no-cache" in control:
        return SHORTEST_AGE
    stated = _MAX_AGE.search(control)
    age = LONGEST_AGE if stated is None else int(stated[1])
    return max(SHORTEST_AGE, min(age, LONGEST_AGE))
