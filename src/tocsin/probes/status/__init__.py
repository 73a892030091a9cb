"""The status tool: one GET with every phase timed, on libcurl."""

from tocsin.probes.status.limits import StatusLimits
from tocsin.probes.status.probe import StatusProbe

__all__ = ["StatusLimits", "StatusProbe"]
