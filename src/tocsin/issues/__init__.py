"""Incidents that automatic checks open and resolve."""
