"""How often one address may try, in each process."""

from tocsin.kit.throttle import SlidingWindow

failures_an_address = SlidingWindow(limit=60, seconds=60)
registrations_an_address = SlidingWindow(limit=30, seconds=3600)
