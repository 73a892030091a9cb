"""What rows keep in English, said in the language of the page."""

from tocsin.notifications.phrases import TOLD


def said(english: str) -> str:
    """Say a text of a probe, a rule or the ledger; what is no known sentence stays as it is."""
    return TOLD.said(english)
