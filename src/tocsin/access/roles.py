"""Roles a person can have in a team."""

from enum import StrEnum


class Role(StrEnum):
    """Contract, section 1; exactly one owner a team."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    VIEWER = "viewer"
