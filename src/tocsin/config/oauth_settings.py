"""The authorisation server for MCP clients: django-oauth-toolkit's settings."""

from tocsin.access.scopes import DESCRIPTIONS, MCP_DEFAULT_SCOPES, MCP_SCOPES, Scope
from tocsin.config import environment as _environment
from tocsin.oauth import lifetimes as _lifetimes

# All of them are ours from the first migration on: swapping one later would be a data migration.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth.Client"
OAUTH2_PROVIDER_GRANT_MODEL = "oauth.AuthorizationCode"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth.AccessToken"  # noqa: S105 - a model
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth.RefreshToken"  # noqa: S105
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "oauth.IDToken"  # noqa: S105
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "oauth.DeviceGrant"
# So the toolkit has no table left, and its long history of migrations would change nothing: it
# took more time than all of ours together, at each new database.
MIGRATION_MODULES = {"oauth2_provider": None}

_GATES = (
    "IMPLICIT_GRANT",
    "PASSWORD_GRANT",
    "PKCE_METHOD",
    "ACCESS_TOKEN_TRANSPORT",
    "AUTHZ_RESPONSE_ISS",
    "TOKEN_STORAGE",
    "REFRESH_TOKEN",
    "REDIRECT_URI_MATCHING",
    "PKCE_REQUIRED",
)

OAUTH2_PROVIDER = {
    # Never taken from the Host header: a client compares it byte by byte.
    "OIDC_ISS_ENDPOINT": _environment.load().base_url,
    # Knows codes and refresh tokens only: no implicit, password or client-credentials grant.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.WebApplicationServer",
    "OAUTH2_VALIDATOR_CLASS": "tocsin.oauth.validator.Validator",
    "SCOPES": {scope.value: DESCRIPTIONS[scope] for scope in Scope if scope in MCP_SCOPES},
    "DEFAULT_SCOPES": [scope.value for scope in Scope if scope in MCP_DEFAULT_SCOPES],
    "ACCESS_TOKEN_GENERATOR": "tocsin.oauth.token_text.new_access_token",
    "REFRESH_TOKEN_GENERATOR": "tocsin.oauth.token_text.new_refresh_token",
    "ACCESS_TOKEN_EXPIRE_SECONDS": int(_lifetimes.ACCESS.total_seconds()),
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "PKCE_REQUIRED": True,
    # Plain http only to this machine: `oauth.redirects` holds clients to that.
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"],
    "CIMD_ENABLED": True,
    "CIMD_METADATA_FETCHER": "tocsin.oauth.documents.DocumentFetcher",
    "CIMD_REGISTRATION_PERMISSION_CLASSES": ("tocsin.oauth.documents.FetchesAnAddress",),
    "CIMD_MAX_CONCURRENT_FETCHES": 3,
    **{f"COMPLIANT_BCP_RFC9700_{gate}": True for gate in _GATES},
}
