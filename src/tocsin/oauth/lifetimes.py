"""How long what is issued can be used; contract, section 9."""

from datetime import timedelta

CODE = timedelta(minutes=1)
ACCESS = timedelta(hours=1)
REFRESH = timedelta(days=30)  # unused; each refresh begins it anew
