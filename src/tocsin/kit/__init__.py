"""Leaf helpers without domain."""
