"""Monitoring settings as a form: controls by path, values in and out, what would change."""
