"""What needs all of Django once, done where its memory is given back."""

import os
import sys
from collections.abc import Callable

import typer

from tocsin.cli import errors


def apart(call: Callable[[], None]) -> None:
    """Do something in a process of its own, and go on once it has succeeded.

    A supervisor lives long and needs nothing of the models, which take twice its own memory.
    Nothing may have started a thread yet. Raises typer.Exit where `call` has failed, and said why.
    """
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            call()
            status = 0
        except Exception as error:  # noqa: BLE001 — told here: what follows is for the parent to do
            status = errors.report(error)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    _, ended = os.waitpid(pid, 0)
    if status := os.waitstatus_to_exitcode(ended):
        raise typer.Exit(abs(status))
