"""Which streams there are, how much they hold, and how long.

A work queue of requests for every region and weight, and one of results. Full ones refuse what is
new, so that whoever publishes waits; nothing grows without bound.
"""

from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BadRequestError

from tocsin.checks.tools import EFFORTS, LEASE_MARGIN, Weight, tools_of

REQUEST_TAKERS = "probers"
RESULT_TAKERS = "intakes"
RESULTS_STREAM = "TOCSIN_RESULTS"
RESULTS_SUBJECTS = "tocsin.results.*"
# How many requests travel in one message. A crawl travels alone: it is acknowledged alone.
CHUNKS = {Weight.LIGHT: 25, Weight.HEAVY: 1, Weight.BROWSER: 1}
RESULT_CHUNK = 100
# Who is silent for so long about a message is taken for dead, and another gets it.
ACK_SECONDS = 10.0
# A request whose prober dies each time is in all likelihood the reason.
MOST_DELIVERIES = 5
MOST_MESSAGES = 20_000
REQUEST_BYTES = 32 * 2**20
RESULT_BYTES = 256 * 2**20
# Older results belong to leases that have long run out.
RESULT_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Queue:
    """One work queue: its stream, the durable consumer that all takers share, and its label."""

    label: str
    stream: str
    taker: str


RESULTS = Queue("results", RESULTS_STREAM, RESULT_TAKERS)


def requests_queue(region: str, weight: Weight) -> Queue:
    """Return the queue of a region's requests of one weight."""
    return Queue(weight.value, f"TOCSIN_REQUESTS_{region}_{weight}", REQUEST_TAKERS)


def requests_subject(region: str, weight: Weight) -> str:
    """Return where a region's requests of one weight are published."""
    return f"tocsin.requests.{region}.{weight}"


def results_subject(region: str) -> str:
    """Return where a region's probers publish results."""
    return f"tocsin.results.{region}"


async def prepare_requests(
    stream: JetStreamContext, region: str, weight: Weight, ack_seconds: float
) -> None:
    """Make the queue of a region's requests of one weight, or change it to what it should be."""
    longest = max(EFFORTS[tool].seconds for tool in tools_of(weight))
    await _prepare(
        stream,
        requests_queue(region, weight),
        requests_subject(region, weight),
        most_bytes=REQUEST_BYTES,
        most_seconds=longest + LEASE_MARGIN,
        ack_seconds=ack_seconds,
    )


async def prepare_results(stream: JetStreamContext, ack_seconds: float) -> None:
    """Make the queue of results, or change it to what it should be."""
    await _prepare(
        stream,
        RESULTS,
        RESULTS_SUBJECTS,
        most_bytes=RESULT_BYTES,
        most_seconds=RESULT_SECONDS,
        ack_seconds=ack_seconds,
    )


async def _prepare(
    stream: JetStreamContext,
    queue: Queue,
    subject: str,
    *,
    most_bytes: int,
    most_seconds: float,
    ack_seconds: float,
) -> None:
    config = StreamConfig(
        name=queue.stream,
        subjects=[subject],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        max_msgs=MOST_MESSAGES,
        max_bytes=most_bytes,
        max_age=most_seconds,
    )
    try:
        await stream.add_stream(config)
    except BadRequestError:  # it is there already, made by another version with other bounds
        await stream.update_stream(config)
    await stream.add_consumer(
        queue.stream,
        ConsumerConfig(
            durable_name=queue.taker,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ack_seconds,
            max_deliver=MOST_DELIVERIES,
            max_ack_pending=MOST_MESSAGES,
        ),
    )
