"""`/oauth/introspect`: does a token count (RFC 7662)? For clients that an operator made."""

import base64
import binascii
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse

from tocsin.access.failures import Failure
from tocsin.kit import clock, context
from tocsin.oauth import bearer, clients
from tocsin.oauth.bearer import Bearer
from tocsin.oauth.endpoints.answers import answer, endpoint, error, too_often
from tocsin.oauth.endpoints.limits import failures_an_address
from tocsin.oauth.resource import issuer


@endpoint("POST")
def introspect(request: HttpRequest) -> HttpResponse:
    """Say whether an access token counts, and for what."""
    address = context.current().address
    if not failures_an_address.peek(address).remaining:
        return too_often(failures_an_address.hit(address))
    if not clients.is_operators(*_credentials(request)):
        failures_an_address.hit(address)
        refused = error("invalid_client", "Only an operator's clients may ask.", status=401)
        refused["WWW-Authenticate"] = 'Basic realm="tocsin"'
        return refused
    token = request.POST.get("token")
    if not token:
        return error("invalid_request", "Send the token.")
    found = bearer.resolve(token, now=clock.now())
    return answer({"active": False} if isinstance(found, Failure) else _described(found))


def _credentials(request: HttpRequest) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    name, _, secret = text.partition(":")
    return unquote_plus(name), unquote_plus(secret)


def _described(found: Bearer) -> dict[str, object]:
    return {
        "active": True,
        "iss": issuer(),
        "aud": found.audience,
        "sub": str(found.principal.user_id),
        "client_id": found.client_id,
        "scope": " ".join(sorted(found.principal.scopes or ())),
        "exp": int(found.expires_at.timestamp()),
        "token_type": "Bearer",
    }
