"""Schedules, check runs and the slot ledger."""
