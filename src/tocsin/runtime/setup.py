"""What every process of Tocsin does first, and what it makes from the operator's settings."""

import os
from collections.abc import Mapping
from pathlib import Path

from tocsin.checks.tools import Weight, tools_of
from tocsin.config import environment
from tocsin.config.environment import Environment
from tocsin.probes.contract import ProbeOptions
from tocsin.probes.registry import build_probes
from tocsin.probes.runner import Runner, RunnerLimits
from tocsin.probes.vantage import Vantage
from tocsin.runtime import logs
from tocsin.runtime.bus.base import Bus
from tocsin.runtime.bus.local import LocalBus


def plain() -> Environment:
    """Load settings and logging, for a process without a database. Raises ConfigurationError."""
    loaded = environment.load()
    logs.configure(loaded.log_format)
    return loaded


def django() -> Environment:
    """Load settings, models and logging. Raises ConfigurationError."""
    # A prober runs where Django has no database to open and no secret to read.
    import django as django_framework  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")
    django_framework.setup()
    return plain()


def bus(loaded: Environment) -> Bus:
    """Make the bus that the operator wants; it is not open yet."""
    if not loaded.bus_url:
        return LocalBus()
    # Only where it is wanted: it takes a while to load.
    from tocsin.runtime.bus.nats.bus import NatsBus  # noqa: PLC0415
    from tocsin.runtime.bus.nats.link import parse  # noqa: PLC0415

    return NatsBus(parse(loaded.bus_url, loaded.bus_ca_file), loaded.region)


def probe_options(loaded: Environment) -> ProbeOptions:
    """Return what a prober is told by the operator."""
    return ProbeOptions(
        egress_allow=loaded.egress_allow,
        resolvers=loaded.dns_resolvers,
        agent_url=loaded.base_url,
        vantage=loaded.vantage,
        canaries=loaded.vantage_canaries,
        extra_ca_file=_text(loaded.extra_ca_file),
        node=_text(loaded.node),
        lighthouse=_text(loaded.lighthouse),
        chromium=_text(loaded.chromium),
        browsers=loaded.browsers,
    )


def runner_limits(loaded: Environment) -> Mapping[Weight, RunnerLimits]:
    """Return how many checks of each weight run at once on this machine.

    Of what weighs more than a request one at a time at a host: a crawl keeps its own limits there,
    and what is measured is not to be slowed down by ourselves.
    """
    return {
        Weight.LIGHT: RunnerLimits(),
        Weight.HEAVY: _few(loaded.crawls),
        Weight.BROWSER: _few(loaded.browsers),
    }


def runners(loaded: Environment) -> Mapping[Weight, Runner]:
    """Make and start a runner of each weight's tools on the running event loop.

    They share one vantage: the network is ours whatever the tool.
    """
    options = probe_options(loaded)
    vantage = Vantage(options)
    vantage.start()
    return {
        weight: Runner(
            options, limits=limits, probes=build_probes(options, tools_of(weight)), vantage=vantage
        )
        for weight, limits in runner_limits(loaded).items()
    }


def _few(count: int) -> RunnerLimits:
    return RunnerLimits(total=count, per_tool=count, per_host=1)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
