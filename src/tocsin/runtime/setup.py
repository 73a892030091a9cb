"""What every process of Tocsin does first, and what it makes from the operator's settings."""

import os
from pathlib import Path

import django as django_framework

from tocsin.config import environment
from tocsin.config.environment import Environment
from tocsin.probes.contract import ProbeOptions
from tocsin.probes.runner import Runner
from tocsin.runtime import logs


def django() -> Environment:
    """Load settings, models and logging. Raises ConfigurationError."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")
    django_framework.setup()
    loaded = environment.load()
    logs.configure(loaded.log_format)
    return loaded


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


def runner() -> Runner:
    """Make and start a runner on the running event loop."""
    made = Runner(probe_options(environment.load()))
    made.start()
    return made


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
