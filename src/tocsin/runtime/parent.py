"""A supervised process ends with its supervisor, however that one ends."""

import ctypes
import os
import signal
import sys

VARIABLE = "TOCSIN_SUPERVISOR_PID"
_PR_SET_PDEATHSIG = 1


def end_with_supervisor() -> None:
    """Ask the kernel for SIGTERM at the supervisor's death; nothing where there is no supervisor.

    Linux only: elsewhere a supervisor that is killed leaves its children behind.
    """
    supervisor = os.environ.get(VARIABLE)
    if supervisor is None or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(supervisor):
        sys.exit("the supervisor ended before this process began")
