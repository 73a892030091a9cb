"""The roots that checks trust: the public ones, and the operator's beside them."""

import tempfile
from pathlib import Path

import certifi


class RootsFile:
    """A PEM file for libcurl; joined in a temporary file where the operator adds roots.

    It is a file and not bytes in memory, because libcurl keeps the parsed store only of a file.
    Raises OSError when the operator's file cannot be read.
    """

    def __init__(self, extra_ca_file: str | None) -> None:
        self._temporary: Path | None = None
        if extra_ca_file is not None:
            self._temporary = _joined(Path(certifi.where()), Path(extra_ca_file))
        self.path = str(self._temporary or certifi.where())

    def close(self) -> None:
        """Delete the temporary file."""
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)


def _joined(public: Path, own: Path) -> Path:
    roots = public.read_bytes() + b"\n" + own.read_bytes()
    with tempfile.NamedTemporaryFile(prefix="tocsin-roots-", suffix=".pem", delete=False) as file:
        file.write(roots)
    return Path(file.name)
