"""Carries requests and results between roles."""
