"""What tokens of this server are good for: the MCP endpoint, and nothing else."""

from django.conf import settings

MCP_PATH = "/mcp"
METADATA_PATH = "/.well-known/oauth-protected-resource/mcp"


def issuer() -> str:
    """Return the name of this authorisation server (RFC 8414), never taken from a request."""
    return str(settings.BASE_URL)


def resource_url() -> str:
    """Return the one resource that tokens are for (RFC 8707), without a slash at its end."""
    return issuer() + MCP_PATH


def resource_metadata_url() -> str:
    """Return where the resource is described (RFC 9728): what a 401 points to."""
    return issuer() + METADATA_PATH


def is_resource(text: str) -> bool:
    """Say whether a resource indicator (RFC 8707) names the MCP endpoint."""
    return text.removesuffix("/") == resource_url()
