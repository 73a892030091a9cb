"""What the doctor says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `remedy` is empty where nothing needs doing."""

    check: str
    ok: bool
    detail: str
    remedy: str = ""
