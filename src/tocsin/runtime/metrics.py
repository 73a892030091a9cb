"""What the roles of this process count about themselves, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram, start_http_server

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
IN_FLIGHT = Gauge("tocsin_checks_in_flight", "Checks that a prober runs now.")


def serve(port: int) -> None:
    """Show the metrics at `/metrics` on a loopback port, from a thread; 0 shows them nowhere.

    Raises OSError where the port is in use.
    """
    if port:
        start_http_server(port, addr="127.0.0.1")
