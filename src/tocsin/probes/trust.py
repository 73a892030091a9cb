"""Whom Tocsin trusts for TLS: the public roots, and the operator's own beside them."""

import ssl

import certifi
import msgspec


class Trust(msgspec.Struct, frozen=True):
    """Three contexts, to be shared: one for use, two for looking at what that one refused.

    `strict` verifies chain and name, `nameless` the chain whatever the name, `blind` nothing.
    """

    strict: ssl.SSLContext
    nameless: ssl.SSLContext
    blind: ssl.SSLContext


def trusting_context(extra_ca_file: str | None = None) -> ssl.SSLContext:
    """Make a client context that verifies chain and name; meant to be shared by many connections.

    `extra_ca_file`: PEM roots trusted beside the public ones. Raises OSError where it cannot be
    read and ssl.SSLError where it is not PEM.
    """
    context = ssl.create_default_context(cafile=certifi.where())
    if extra_ca_file is not None:
        context.load_verify_locations(cafile=extra_ca_file)
    return context


def make_trust(extra_ca_file: str | None = None) -> Trust:
    """Make the contexts once; raises as `trusting_context`."""
    nameless = trusting_context(extra_ca_file)
    nameless.check_hostname = False
    return Trust(trusting_context(extra_ca_file), nameless, _blind_context())


def _blind_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
