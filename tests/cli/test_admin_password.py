"""`tocsin admin create-user` on a terminal: the password is asked for and never shown."""

import os
import pty
import sys
from functools import partial
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from tests.cast import PASSWORD
from tests.runtime.conftest import rows

COMMAND = (
    "from tocsin.cli.main import main; import sys;"
    "sys.argv[1:] = 'admin create-user --email nina@example.com --name Nina'.split(); main()"
)


def test_it_asks_for_the_password_twice_and_does_not_show_it(tmp_path: Path) -> None:
    environment = {**os.environ, "TOCSIN_DATA_DIR": str(tmp_path), "TOCSIN_DATABASE_URL": ""}
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-c", COMMAND], environment)
    shown = b""
    for _ in range(2):
        while not shown.endswith(b": "):
            shown += os.read(terminal, 1024)
        os.write(terminal, PASSWORD.encode() + b"\n")
        shown += b"(typed)"
    shown += b"".join(iter(partial(_read, terminal), b""))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    os.close(terminal)

    assert PASSWORD.encode() not in shown
    stored = rows(tmp_path, "SELECT password FROM accounts_user WHERE email = 'nina@example.com'")
    assert PBKDF2PasswordHasher().verify(PASSWORD, stored[0][0])


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1024)
    except OSError:  # how Linux says that the other side has closed a terminal
        return b""
