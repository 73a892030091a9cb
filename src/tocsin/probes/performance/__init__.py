"""The performance tool: Lighthouse in a confined Chromium, the median of three runs."""

from tocsin.probes.performance.probe import PerformanceProbe

__all__ = ["PerformanceProbe"]
