"""Tocsin: a website monitor that accounts for itself."""

__version__ = "0.1.0"
