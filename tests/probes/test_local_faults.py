"""What a probe does where this machine cannot go on: it does not blame the site."""

import asyncio
import contextlib
import errno
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.probes.contract import DnsSettings, Probe, ProbeOptions, ProbeRequest, SslSettings, Tool
from tocsin.probes.dns import DnsProbe
from tocsin.probes.local_faults import is_local_fault
from tocsin.probes.ssl import SslProbe

OPTIONS = ProbeOptions(egress_allow=("127.0.0.0/8",), resolvers=("udp://127.0.0.1:5399",))


@contextlib.contextmanager
def no_descriptors_left() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 1, hard))
    fillers = []
    try:
        with contextlib.suppress(OSError):
            while True:
                fillers.append(os.dup(0))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for descriptor in fillers:
            os.close(descriptor)


@pytest.mark.parametrize(
    ("probe", "tool", "settings", "url"),
    [
        (SslProbe(OPTIONS), Tool.SSL, SslSettings(), "https://127.0.0.1:5398"),
        (DnsProbe(OPTIONS), Tool.DNS, DnsSettings(), "https://www.example.test"),
    ],
    ids=["ssl", "dns"],
)
def test_it_does_not_blame_a_site_for_our_own_want_of_descriptors(
    probe: Probe, tool: Tool, settings: SslSettings | DnsSettings, url: str
) -> None:
    async def run() -> None:
        with no_descriptors_left(), pytest.raises(OSError) as caught:  # noqa: PT011
            await probe(ProbeRequest("check", tool, url, settings, time.time() + 30))
        assert is_local_fault(caught.value)

    asyncio.run(run())


def test_it_tells_our_faults_from_theirs() -> None:
    assert is_local_fault(OSError(errno.EMFILE, "Too many open files"))
    assert not is_local_fault(OSError(errno.ECONNREFUSED, "Connection refused"))
    assert not is_local_fault(TimeoutError())
