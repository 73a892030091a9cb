"""The connection to NATS: kept up for as long as the process lives, whatever the server does."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nats
import structlog
from nats.aio.client import Client
from nats.js import JetStreamContext

log = structlog.get_logger(__name__)
RECONNECT_SECONDS = 1
PING_SECONDS = 10
ANSWER_SECONDS = 5.0
# What may be written while there is no connection; results wait above this, in the prober.
PENDING_BYTES = 8 * 2**20
NOT_CONNECTED = "the bus cannot be reached"
SENT_AWAY = "the bus has ended the connection for good"


@dataclass(frozen=True, slots=True)
class Address:
    """Where NATS listens, and who we are to it."""

    servers: Sequence[str]
    user: str | None
    password: str | None
    ca_file: Path | None

    @property
    def inbox(self) -> str:
        """Return the prefix of what is sent to us alone: each user may listen to its own only."""
        return f"_INBOX.{self.user}" if self.user else "_INBOX"


def parse(url: str, ca_file: Path | None = None) -> Address:
    """Read TOCSIN_BUS_URL: one address or several with commas; the first names the user."""
    parts = [urlsplit(each.strip()) for each in url.split(",")]
    first = parts[0]
    return Address(
        servers=[f"{part.scheme}://{part.netloc.rpartition('@')[2]}" for part in parts],
        user=None if first.username is None else unquote(first.username),
        password=None if first.password is None else unquote(first.password),
        ca_file=ca_file,
    )


class BusLost(Exception):  # noqa: N818 — it is a state, not a mistake
    """The server has sent us away; only a new process can help."""


class Link:
    """One connection, with JetStream over it."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._client = Client()
        self._has_connected = False
        self._stream = JetStreamContext(self._client, timeout=ANSWER_SECONDS)

    @property
    def client(self) -> Client:
        """Return the connection itself."""
        return self._client

    @property
    def stream(self) -> JetStreamContext:
        """Return JetStream over this connection."""
        return self._stream

    def obstacle(self) -> str | None:
        """Return what is wrong with the connection; None where it is up."""
        if self._client.is_closed:
            return SENT_AWAY
        return None if self._client.is_connected else NOT_CONNECTED

    def require(self) -> None:
        """Raise BusLost where the connection is gone for good."""
        if self._client.is_closed:
            raise BusLost(SENT_AWAY)

    async def open(self) -> None:
        """Connect; tries until it succeeds."""
        address = self._address
        await self._client.connect(
            servers=list(address.servers),
            user=address.user,
            password=address.password,
            inbox_prefix=address.inbox,
            tls=trust(address),
            name="tocsin",
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,
            ping_interval=PING_SECONDS,
            pending_size=PENDING_BYTES,
            error_cb=_on_error,
            disconnected_cb=_on_disconnected,
            reconnected_cb=_on_reconnected,
        )
        self._has_connected = True

    async def close(self) -> None:
        """Send what waits to be sent, and disconnect; nothing to do where it never connected."""
        if not self._has_connected:
            return
        if self._client.is_connected:
            try:
                await self._client.flush(timeout=int(ANSWER_SECONDS))
            except nats.errors.Error as error:
                log.warning("bus", error=_words(error))
        await self._client.close()


def trust(address: Address) -> ssl.SSLContext | None:
    """Return whom to trust where TLS is asked for, by `tls://` or by naming a CA file."""
    if address.ca_file is None and not address.servers[0].startswith("tls:"):
        return None
    return ssl.create_default_context(cafile=address.ca_file)


async def _on_error(error: Exception) -> None:
    log.warning("bus", error=_words(error))


async def _on_disconnected() -> None:
    log.warning("bus disconnected")


async def _on_reconnected() -> None:
    log.info("bus connected again")


def _words(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
