"""`/oauth/register`: clients register by themselves (RFC 7591), as public ones."""

from django.http import HttpRequest, HttpResponse

from tocsin.access.principal import SYSTEM
from tocsin.kit import context
from tocsin.oauth import clients, metadata
from tocsin.oauth.endpoints.answers import answer, endpoint, error, too_often
from tocsin.oauth.endpoints.limits import registrations_an_address
from tocsin.oauth.metadata import MetadataRefused
from tocsin.oauth.models import Client


@endpoint("POST")
def register(request: HttpRequest) -> HttpResponse:
    """Register a client, and say as what."""
    quota = registrations_an_address.hit(context.current().address)
    if not quota.allowed:
        return too_often(quota)
    try:
        # One byte more than is accepted shows that there is too much.
        said = metadata.read_registration(metadata.decode(request.read(metadata.MAX_BYTES + 1)))
    except MetadataRefused as refused:
        return error(refused.code, str(refused))
    return answer(_registered(clients.register(SYSTEM, said)), status=201)


def _registered(client: Client) -> dict[str, object]:
    return {
        "client_id": client.client_id,
        "client_id_issued_at": int(client.created.timestamp()),
        "client_name": client.name,
        "redirect_uris": client.redirect_uris.split(),
        "grant_types": [metadata.CODE_GRANT, "refresh_token"],
        "response_types": [metadata.CODE_RESPONSE],
        "token_endpoint_auth_method": metadata.NO_SECRET,
    }
