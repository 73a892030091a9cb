"""Shared set-up: a data directory for each test process, removed at its end, and the cast."""

import atexit
import os
import shutil
import tempfile

_DATA_DIR = tempfile.mkdtemp(prefix="tocsin-tests-")
atexit.register(shutil.rmtree, _DATA_DIR, ignore_errors=True)
os.environ["TOCSIN_DATA_DIR"] = _DATA_DIR
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")

pytest_plugins = ["tests.cast"]
