"""What names, addresses and passwords must be, with one error shape."""

from collections.abc import Callable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext

from tocsin.accounts.models import User
from tocsin.kit.errors import InvalidInput
from tocsin.kit.text import clean_email, clean_line

MAX_PASSWORD = 1024


def checked_name(value: str, field: str = "name") -> str:
    """Return the cleaned line. Raises InvalidInput on the field."""
    return _checked(clean_line, value, field)


def checked_email(value: str, field: str = "email") -> str:
    """Return the address in its stored form. Raises InvalidInput on the field."""
    return _checked(clean_email, value, field)


def checked_password(value: str, user: User, field: str = "password") -> str:
    """Return the password if it is long enough and not a common one. Raises InvalidInput."""
    if len(value) > MAX_PASSWORD:
        raise InvalidInput({field: [too_long_message()]})
    try:
        validate_password(value, user)
    except ValidationError as error:
        raise InvalidInput({field: error.messages}) from None
    return value


def too_long_message() -> str:
    """Say how long a password may be; a longer one only costs time to hash."""
    most = number_format(MAX_PASSWORD, force_grouping=True)
    return gettext("Use a password of at most %(most)s characters.") % {"most": most}


def _checked(clean: Callable[[str], str], value: str, field: str) -> str:
    try:
        return clean(value)
    except ValueError as error:
        raise InvalidInput({field: [str(error)]}) from None
