"""What the roles of this process count about themselves, for Prometheus."""

from collections.abc import Callable, Iterable
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import Counter, Gauge, Histogram, make_wsgi_app

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

SLOT_DELAY = Histogram(
    "tocsin_slot_delay_seconds",
    "From a slot to the moment at which its check was claimed.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
CLAIMED = Counter("tocsin_checks_claimed", "Automatic checks taken from the schedule.")
MANUAL_CLAIMED = Counter("tocsin_manual_checks_claimed", "Manual checks taken to be run.")
STORED = Counter("tocsin_checks_stored", "Results filed in the database.")
SET_ASIDE = Counter("tocsin_results_set_aside", "Results not filed, by reason.", ["reason"])
LOST = Counter("tocsin_slots_worker_lost", "Slots whose worker never answered.")
ATTEMPTS = Counter("tocsin_message_attempts", "Attempts to deliver, by their end.", ["verdict"])
MESSAGES_UNDER_WAY = Gauge("tocsin_messages_under_way", "Messages that a notifier sends now.")
IN_FLIGHT = Gauge("tocsin_checks_in_flight", "Checks that a prober runs now.", ["weight"])
BUS_WAITING = Gauge("tocsin_bus_waiting_messages", "Messages that nobody has taken.", ["queue"])
BUS_TAKEN = Gauge("tocsin_bus_taken_messages", "Messages taken, not acknowledged.", ["queue"])
BUS_REDELIVERED = Counter(
    "tocsin_bus_redelivered", "Messages that came again, their taker being silent.", ["queue"]
)
BUS_REFUSED = Counter(
    "tocsin_bus_refused", "What was on the bus and is dropped, by reason.", ["queue", "reason"]
)
BUS_PUBLISH_WAITS = Counter(
    "tocsin_bus_publish_waits", "Attempts to publish that must be repeated.", ["queue", "reason"]
)


def serve(port: int, obstacle: Callable[[], str | None]) -> None:
    """Answer at `/metrics` and `/healthz` on a loopback port, from a thread; 0 answers nowhere.

    `obstacle` says what keeps this process from its work, None where nothing does. Raises OSError
    where the port is in use.
    """
    if not port:
        return
    show = make_wsgi_app()

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/healthz":
            shown: Iterable[bytes] = show(environ, start)
            return shown
        found = obstacle()
        status = "200 OK" if found is None else "503 Service Unavailable"
        start(status, [("Content-Type", "text/plain; charset=utf-8")])
        return [f"{found or 'ok'}\n".encode()]

    server = make_server("127.0.0.1", port, answer, handler_class=_Silent)
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()


class _Silent(WSGIRequestHandler):
    """Writes no line for every look that a monitor takes."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — its name there
        """Write nothing."""
