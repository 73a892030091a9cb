"""Shared set-up: an own data directory a run, and the cast."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("TOCSIN_DATA_DIR", str(Path(tempfile.gettempdir()) / f"tocsin-tests-{os.getpid()}"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")

pytest_plugins = ["tests.cast"]
