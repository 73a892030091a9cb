"""The house rules that a machine can check."""

import subprocess
import sys
from pathlib import Path

import tocsin

SOURCE = Path(tocsin.__file__).parent
MOST_LINES = 600


def test_it_keeps_modules_small() -> None:
    """No module passes 600 lines (400 is a question)."""
    long = {
        str(path.relative_to(SOURCE)): count
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_it_runs_the_probe_engine_without_django_or_a_database() -> None:
    """Importing the probes brings neither Django nor a database driver into the process."""
    code = (
        "import sys, tocsin.probes.registry;"
        "sys.exit(sorted({m.split('.')[0] for m in sys.modules} & {'django','sqlite3','psycopg'})"
        " and 1 or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
