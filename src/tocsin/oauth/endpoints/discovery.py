"""`/.well-known/…`: who issues tokens, for what, and how one gets them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from tocsin.access.scopes import MCP_SCOPES, Scope
from tocsin.oauth import metadata
from tocsin.oauth.endpoints.answers import endpoint
from tocsin.oauth.resource import issuer, resource_url

KEPT_FOR = "public, max-age=300"
SECRET_METHODS = ["client_secret_basic", "client_secret_post"]


@endpoint("GET")
def server(_request: HttpRequest) -> HttpResponse:
    """Describe the authorisation server (RFC 8414)."""
    return _kept(
        {
            "issuer": issuer(),
            "authorization_endpoint": _url("oauth_authorize"),
            "token_endpoint": _url("oauth_token"),
            "registration_endpoint": _url("oauth_register"),
            "revocation_endpoint": _url("oauth_revoke"),
            "introspection_endpoint": _url("oauth_introspect"),
            "scopes_supported": _scopes(),
            "response_types_supported": [metadata.CODE_RESPONSE],
            "response_modes_supported": ["query"],
            "grant_types_supported": [metadata.CODE_GRANT, "refresh_token"],
            "token_endpoint_auth_methods_supported": [metadata.NO_SECRET],
            "revocation_endpoint_auth_methods_supported": [metadata.NO_SECRET],
            "introspection_endpoint_auth_methods_supported": SECRET_METHODS,
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "client_id_metadata_document_supported": True,
        }
    )


@endpoint("GET")
def resource(_request: HttpRequest) -> HttpResponse:
    """Describe the MCP endpoint as a resource that tokens are for (RFC 9728)."""
    return _kept(
        {
            "resource": resource_url(),
            "resource_name": "Tocsin",
            "authorization_servers": [issuer()],
            "scopes_supported": _scopes(),
            "bearer_methods_supported": ["header"],
        }
    )


def _scopes() -> list[str]:
    return [scope.value for scope in Scope if scope in MCP_SCOPES]


def _url(name: str) -> str:
    return issuer() + reverse(name)


def _kept(document: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(document)
    response["Cache-Control"] = KEPT_FOR
    return response
