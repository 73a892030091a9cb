"""What a client says of itself (RFC 7591), read strictly where it matters and leniently elsewhere.

Clients list more grants and ways to authenticate than a server knows; what we do not support is
left out, as long as what we do support is among it.
"""

from typing import Any, cast

import msgspec

from tocsin.kit.text import clean_line
from tocsin.oauth import redirects

UNNAMED = "Unnamed client"
MAX_REDIRECTS = 10
MAX_BYTES = 16 * 1024
CODE_GRANT = "authorization_code"
CODE_RESPONSE = "code"
NO_SECRET = "none"  # noqa: S105 - how a public client authenticates: not at all
SECRETS = ("client_secret", "client_secret_expires_at")


class ClientMetadata(msgspec.Struct, frozen=True):
    """What is kept of it."""

    name: str
    redirect_uris: tuple[str, ...]


class MetadataRefused(Exception):  # noqa: N818 - named for what is the matter
    """The metadata cannot be accepted; `code` is RFC 7591's, the text is one sentence."""

    def __init__(self, description: str, code: str = "invalid_client_metadata") -> None:
        super().__init__(description)
        self.code = code


def decode(body: bytes) -> dict[str, Any]:
    """Read a JSON object. Raises MetadataRefused."""
    if len(body) > MAX_BYTES:
        raise MetadataRefused(f"The metadata has {MAX_BYTES} bytes at most.")
    try:
        raw = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        raise MetadataRefused("The metadata must be JSON.") from None
    if not isinstance(raw, dict):
        raise MetadataRefused("The metadata must be a JSON object.")
    return raw


def read_registration(raw: dict[str, Any]) -> ClientMetadata:
    """Read what a client registers. Raises MetadataRefused.

    Whatever way to authenticate it asks for, it is registered as public; the answer says so.
    """
    return _read(raw)


def read_document(raw: dict[str, Any], url: str) -> ClientMetadata:
    """Read a client's document, which was found under `url`. Raises MetadataRefused."""
    if raw.get("client_id") != url:
        raise MetadataRefused("The client_id in the document is not the document's address.")
    if any(name in raw for name in SECRETS):
        raise MetadataRefused("A document cannot hold a secret.")
    offered = _strings(raw, "token_endpoint_auth_methods_supported", [])
    if raw.get("token_endpoint_auth_method", NO_SECRET) != NO_SECRET and NO_SECRET not in offered:
        raise MetadataRefused("Only public clients (token_endpoint_auth_method none) are accepted.")
    return _read(raw)


def _read(raw: dict[str, Any]) -> ClientMetadata:
    if CODE_GRANT not in _strings(raw, "grant_types", [CODE_GRANT]):
        raise MetadataRefused(f"Only the {CODE_GRANT} grant can be registered.")
    if CODE_RESPONSE not in _strings(raw, "response_types", [CODE_RESPONSE]):
        raise MetadataRefused(f"Only the response type {CODE_RESPONSE} can be registered.")
    return ClientMetadata(name=_name(raw), redirect_uris=_redirects(raw))


def _name(raw: dict[str, Any]) -> str:
    name = raw.get("client_name", UNNAMED)
    if not isinstance(name, str):
        raise MetadataRefused("client_name must be a string.")
    try:
        return clean_line(name)
    except ValueError as error:
        raise MetadataRefused(f"client_name: {error}") from None


def _redirects(raw: dict[str, Any]) -> tuple[str, ...]:
    code = "invalid_redirect_uri"
    uris = _strings(raw, "redirect_uris", [])
    if not uris:
        raise MetadataRefused("Give at least one of redirect_uris.", code)
    if len(uris) > MAX_REDIRECTS:
        raise MetadataRefused(f"Give at most {MAX_REDIRECTS} redirect_uris.", code)
    for uri in uris:
        problem = redirects.problem_of(uri)
        if problem is not None:
            raise MetadataRefused(problem, code)
    return tuple(uris)


def _strings(raw: dict[str, Any], name: str, default: list[str]) -> list[str]:
    value = raw.get(name, default)
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise MetadataRefused(f"{name} must be an array of strings.")
    return cast("list[str]", value)
