"""Sign-in with Google, GitHub or an OpenID provider, where the operator has set one up."""

from typing import Any

from tocsin.config import environment as _environment

OIDC_PROVIDER_ID = "oidc"


def providers(environment: _environment.Environment) -> dict[str, dict[str, Any]]:
    """Return allauth's providers; those without a client are not offered."""
    offered: dict[str, dict[str, Any]] = {}
    if environment.google_client:
        offered["google"] = {
            "APPS": [_app(environment.google_client)],
            "SCOPE": ["profile", "email"],
            "OAUTH_PKCE_ENABLED": True,
        }
    if environment.github_client:
        offered["github"] = {
            "APPS": [_app(environment.github_client)],
            "SCOPE": ["read:user", "user:email"],
        }
    if environment.oidc_server and environment.oidc_client:
        app = {
            **_app(environment.oidc_client),
            "provider_id": OIDC_PROVIDER_ID,
            "name": environment.oidc_name,
            "settings": {"server_url": environment.oidc_server},
        }
        offered["openid_connect"] = {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
    return offered


def _app(client: str) -> dict[str, Any]:
    identity, _, secret = client.partition(":")
    return {"client_id": identity, "secret": secret, "key": ""}


SOCIALACCOUNT_PROVIDERS = providers(_environment.load())
