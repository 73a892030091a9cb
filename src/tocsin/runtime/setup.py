"""What every process of Tocsin does first, and what it makes from the operator's settings."""

import os
from pathlib import Path

from tocsin.config import environment
from tocsin.config.environment import Environment
from tocsin.probes.contract import ProbeOptions
from tocsin.probes.runner import Runner
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
    )


def runner(loaded: Environment) -> Runner:
    """Make and start a runner on the running event loop."""
    made = Runner(probe_options(loaded))
    made.start()
    return made


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
