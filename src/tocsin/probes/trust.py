"""Whom Tocsin trusts for TLS: the public roots, and the operator's own beside them."""

import ssl

import certifi


def trusting_context(extra_ca_file: str | None = None) -> ssl.SSLContext:
    """Make a client context that verifies chain and name; meant to be shared by many connections.

    `extra_ca_file`: PEM roots trusted beside the public ones. Raises OSError where it cannot be
    read and ssl.SSLError where it is not PEM.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    if extra_ca_file is not None:
        context.load_verify_locations(cafile=extra_ca_file)
    return context


def nameless_context(extra_ca_file: str | None = None) -> ssl.SSLContext:
    """Make a context that verifies the chain, whatever name the certificate carries."""
    context = trusting_context(extra_ca_file)
    context.check_hostname = False
    return context


def blind_context() -> ssl.SSLContext:
    """Make a context that verifies nothing: only for looking at a certificate already refused."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
