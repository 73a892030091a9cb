"""The addresses that clients ask. The consent page is among the dashboard's."""

from django.urls import URLPattern, path

from tocsin.oauth.endpoints import discovery, introspection, registration, tokens
from tocsin.oauth.resource import MCP_PATH, METADATA_PATH

_SERVER = ".well-known/oauth-authorization-server"
_RESOURCE = METADATA_PATH.removeprefix("/")

urlpatterns: list[URLPattern] = [
    path("oauth/token", tokens.token, name="oauth_token"),
    path("oauth/revoke", tokens.revoke, name="oauth_revoke"),
    path("oauth/register", registration.register, name="oauth_register"),
    path("oauth/introspect", introspection.introspect, name="oauth_introspect"),
    path(_RESOURCE, discovery.resource, name="oauth_resource"),
    # Clients also look at the root, and some under the resource's path for the server.
    path(_RESOURCE.removesuffix(MCP_PATH), discovery.resource),
    path(_SERVER, discovery.server, name="oauth_server"),
    path(_SERVER + MCP_PATH, discovery.server),
]
