"""What an operator wants to know of the bus: is it there, are we let in, are its queues made."""

from dataclasses import dataclass

import nats
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError, ServiceUnavailableError

from tocsin.checks.tools import Weight
from tocsin.runtime.bus.nats import topology
from tocsin.runtime.bus.nats.link import Address, trust

PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Health:
    """What was found, and what to do; `remedy` is empty where all is well."""

    detail: str
    remedy: str = ""


async def look(address: Address, region: str) -> Health:
    """Connect once and look at the queues of a region and of results."""
    try:
        client = await nats.connect(
            servers=list(address.servers),
            user=address.user,
            password=address.password,
            inbox_prefix=address.inbox,
            tls=trust(address),
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            connect_timeout=PATIENCE,
            error_cb=_keep_silent,
        )
    except (Error, OSError) as error:
        words = " ".join(str(error).split()) or type(error).__name__
        return Health(f"cannot be reached: {words}", "check TOCSIN_BUS_URL and the NATS server")
    try:
        return await _look_at_queues(client.jetstream(timeout=PATIENCE), region)
    finally:
        await client.close()


async def _look_at_queues(stream: JetStreamContext, region: str) -> Health:
    queues = [topology.requests_queue(region, weight) for weight in Weight]
    missing, waiting = [], 0
    for queue in (*queues, topology.RESULTS):
        try:
            seen = await stream.consumer_info(queue.stream, queue.taker)
        except NotFoundError:
            missing.append(queue.stream)
        except ServiceUnavailableError:
            return Health("has no JetStream", "start nats-server with -js or with deploy/nats")
        except TimeoutError:
            return Health("connected; this credential may not look at the queues")
        else:
            waiting += seen.num_pending or 0
    if missing:
        remedy = f"start `tocsin run scheduler intake --region {region}`, which makes them"
        return Health(f"connected, but without {', '.join(missing)}", remedy)
    return Health(f"connected, {waiting} messages wait")


async def _keep_silent(_error: Exception) -> None:
    """Say nothing: what matters is found by asking."""
