"""Errors of the operating system that are ours, not the site's: no descriptors, no memory.

A probe lets them pass, so that the check ends as broken and its outcome as unknown.
"""

import errno

_OURS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


def is_local_fault(error: BaseException) -> bool:
    """Tell whether this machine, and not the other side, could not go on."""
    return isinstance(error, OSError) and error.errno in _OURS
