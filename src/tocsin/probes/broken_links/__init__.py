"""The broken-links tool: a polite crawl of one site that confirms a link dead before it counts.

A crawl runs on a thread of its own (`crawl`), on libcurl behind the egress gate (`fetcher`). What
the site wrote is parsed in a child process (`reading`), which a hostile page may cost at most.
"""
