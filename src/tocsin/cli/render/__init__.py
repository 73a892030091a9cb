"""What `tocsin check` shows to people: progress while it runs, then one calm report."""

from tocsin.cli.render.progress import progress
from tocsin.cli.render.report import print_report

__all__ = ["print_report", "progress"]
