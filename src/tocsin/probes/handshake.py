"""One TLS handshake over a connected socket, in memory: bounded, cheap, and cancelled cleanly.

asyncio's own TLS transport holds a buffer of 256 KiB a connection, which a look at a certificate
does not need.
"""

import asyncio
import socket
import ssl
from typing import Any

import msgspec

RECORD_SIZE = 16 * 1024


class Handshake(msgspec.Struct, frozen=True):
    """What the peer agreed to and sent; `chain` is DER, the leaf first, as it was sent."""

    protocol: str
    cipher: str
    chain: tuple[bytes, ...]


async def shake_hands(connection: socket.socket, context: ssl.SSLContext, host: str) -> Handshake:
    """Do a TLS handshake as a client, naming `host` (a name is sent as SNI, an address is not).

    Raises ssl.SSLCertVerificationError where the context refuses the certificate, another
    ssl.SSLError where the peer speaks no or other TLS, OSError where the connection breaks. Not
    bounded in time: the caller is.
    """
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = context.wrap_bio(incoming, outgoing, server_hostname=host)
    while True:
        try:
            session.do_handshake()
        except ssl.SSLWantReadError:
            await _send(connection, outgoing)
            await _receive(connection, incoming)
        except ssl.SSLError:
            await _send_alert(connection, outgoing)
            raise
        else:
            await _send(connection, outgoing)
            return _describe(session)


async def _send(connection: socket.socket, outgoing: ssl.MemoryBIO) -> None:
    if outgoing.pending:
        await asyncio.get_running_loop().sock_sendall(connection, outgoing.read())


async def _send_alert(connection: socket.socket, outgoing: ssl.MemoryBIO) -> None:
    # Tells the peer why we hang up; that it may not listen any more changes nothing.
    try:
        await _send(connection, outgoing)
    except OSError:
        return


async def _receive(connection: socket.socket, incoming: ssl.MemoryBIO) -> None:
    data = await asyncio.get_running_loop().sock_recv(connection, RECORD_SIZE)
    if data:
        incoming.write(data)
    else:
        incoming.write_eof()


def _describe(session: ssl.SSLObject) -> Handshake:
    cipher = session.cipher()
    return Handshake(
        protocol=session.version() or "",
        cipher=cipher[0] if cipher else "",
        chain=_sent_chain(session),
    )


def _sent_chain(session: Any) -> tuple[bytes, ...]:
    if hasattr(session, "get_unverified_chain"):  # public from Python 3.13
        return tuple(session.get_unverified_chain())
    sent = session._sslobj.get_unverified_chain() or ()  # noqa: SLF001 — no public way before 3.13
    return tuple(ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in sent)
