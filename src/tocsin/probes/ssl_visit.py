"""One visit to a site for its certificate: look up, connect, shake hands."""

import socket
import ssl
from enum import StrEnum

from tocsin.probes.egress import EgressPolicy, open_connection, resolve
from tocsin.probes.handshake import shake_hands
from tocsin.probes.ssl_verdict import Rejection, Sight
from tocsin.probes.target import Target
from tocsin.probes.trust import Trust


class Stage(StrEnum):
    """How far a visit came."""

    LOOKUP = "lookup"
    CONNECT = "connect"
    TLS = "tls"


class Visit:
    """A visit; `stage` tells how far it came when it ends with an exception."""

    def __init__(
        self, target: Target, trust: Trust, policy: EgressPolicy, connect_seconds: float
    ) -> None:
        self.stage = Stage.LOOKUP
        self._target = target
        self._trust = trust
        self._policy = policy
        self._connect_seconds = connect_seconds
        self._addresses: tuple[str, ...] = ()

    async def look(self) -> Sight:
        """Shake hands strictly; only where the certificate is refused, again to describe it.

        Raises EgressRefused, OSError (also for a name that does not resolve) or ssl.SSLError.
        """
        self._addresses = await resolve(self._target.host, self._target.port, self._policy)
        try:
            return await self._shake(self._trust.strict)
        except ssl.SSLCertVerificationError as error:
            rejection = Rejection(error.verify_code, error.verify_message)
        if not rejection.is_name:
            return await self._look_blindly(rejection)
        # OpenSSL stops at the name, so whether the chain is good is still to be found out.
        try:
            return await self._shake(self._trust.nameless, rejection)
        except ssl.SSLCertVerificationError as error:
            rejection = Rejection(error.verify_code, error.verify_message)
        return await self._look_blindly(rejection)

    async def _look_blindly(self, rejection: Rejection) -> Sight:
        # Dates are judged last of all, along a chain already found good.
        trusted = rejection.is_expiry or rejection.is_early
        return await self._shake(self._trust.blind, rejection, trusted=trusted)

    async def _shake(
        self, context: ssl.SSLContext, rejection: Rejection | None = None, *, trusted: bool = True
    ) -> Sight:
        self.stage = Stage.CONNECT
        address, connection = await self._connect()
        self.stage = Stage.TLS
        # A trailing dot belongs to DNS, not to SNI (RFC 6066, section 3).
        name = self._target.host.rstrip(".")
        with connection:
            handshake = await shake_hands(connection, context, name)
        return Sight(address, handshake, rejection, chain_trusted=trusted)

    async def _connect(self) -> tuple[str, socket.socket]:
        *others, last = self._addresses
        for address in others:
            try:
                return address, await self._open(address)
            except OSError:  # the next address may answer
                continue
        return last, await self._open(last)

    async def _open(self, address: str) -> socket.socket:
        port, seconds = self._target.port, self._connect_seconds
        return await open_connection(address, port, self._policy, timeout=seconds)
