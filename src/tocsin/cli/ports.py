"""Whether a port can be served on, asked before anything starts that would fail at it."""

import socket

from tocsin.config.environment import ConfigurationError


def require_free(host: str, port: int) -> None:
    """Raise ConfigurationError where an address and port cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does: a port that was in use a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigurationError(
                f"{host} port {port} cannot be used ({error.strerror}); choose another with --port"
            ) from None
