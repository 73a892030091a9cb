"""How often one address may try."""

from tocsin.kit.throttle import SlidingWindow

failures_an_address = SlidingWindow("oauth failures", limit=60, seconds=60)
registrations_an_address = SlidingWindow("oauth registrations", limit=30, seconds=3600)
