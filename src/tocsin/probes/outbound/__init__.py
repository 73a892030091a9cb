"""Requests to whom users name (webhooks): one connection each, through the egress gate."""
