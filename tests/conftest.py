"""Shared set-up: a data directory for each test process, removed at its end, and the cast."""

import atexit
import os
import shutil
import signal
import tempfile

import django

_DATA_DIR = tempfile.mkdtemp(prefix="tocsin-tests-")
atexit.register(shutil.rmtree, _DATA_DIR, ignore_errors=True)
os.environ["TOCSIN_DATA_DIR"] = _DATA_DIR
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")

# Who starts the tests in the background lets them ignore Ctrl-C, and what they start inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Django is loaded here and not by pytest-django's setting, which would come before the lines above
# and put the tests' database, keys and media where this machine's own Tocsin keeps its data.
django.setup()

pytest_plugins = ["tests.cast", "tests.databases", "tests.no_tokens"]
