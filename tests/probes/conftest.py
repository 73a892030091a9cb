"""Set-up for the probe engine's tests."""

from hypothesis import settings

# How long an example takes says nothing on a machine that runs other tests beside it.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
