"""Monitoring settings: what a team and its sites are watched by. Contract, section 5."""
