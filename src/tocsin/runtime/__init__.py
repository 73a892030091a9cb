"""The roles as small loops."""
