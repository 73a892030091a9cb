"""News of progress under the credentials of the file in deploy/."""

import asyncio

from tests.deploy.conftest import CENTRE, PROBER
from tests.deploy.test_nats_permissions import bus_of
from tests.runtime.bus_server import NatsServer
from tests.runtime.lines import PATIENCE, tell
from tests.runtime.test_progress_news import report


def test_it_lets_a_prober_tell_and_the_centre_hear(guarded_bus: NatsServer) -> None:
    async def story() -> None:
        async with (
            bus_of(guarded_bus, "centre", CENTRE) as centre,
            bus_of(guarded_bus, "prober-eu", PROBER) as prober,
        ):
            news = asyncio.create_task(centre.take_progress())
            await asyncio.sleep(0)
            await centre._link.client.flush()
            await prober.publish_progress([report(1)])
            async with asyncio.timeout(PATIENCE):
                assert list(await news) == [report(1)]

    tell(story)
