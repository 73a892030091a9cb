"""An attempt by mail, through the operator's server, on threads of its own."""

import asyncio
import smtplib
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from tocsin.notifications.channels.contract import Mail
from tocsin.notifications.channels.email import masked_address
from tocsin.notifications.channels.text import clip, one_line
from tocsin.notifications.messages import Attempt, AttemptError, Verdict
from tocsin.notifications.sending.mail_form import mail_to, mark_of

THREADS = 4
OK_CODE, FIRST_FINAL_CODE = 250, 500
MOST_IN_DETAIL = 500


@dataclass(frozen=True, slots=True)
class _Handed:
    """How it went for one address. `code` is SMTP's, None where the server was not reached."""

    address: str
    verdict: Verdict
    code: int | None = None
    error: AttemptError | None = None
    words: str = ""


class Mailer:
    """Sends mails without blocking the event loop; end it with `close`."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="tocsin-mail")

    async def send(self, mail: Mail, *, seconds: float, reached: Collection[str] = ()) -> Attempt:
        """Send to each address that is not among the marks `reached`, within `seconds`.

        What the server does is an attempt, never an exception. One address that is refused does
        not keep the mail from the others.
        """
        start = time.monotonic()
        addresses = [each for each in mail.to if mark_of(each) not in reached]
        sending = asyncio.get_running_loop().run_in_executor(
            self._threads, _hand_over_all, mail, addresses
        )
        try:
            handed = await asyncio.wait_for(sending, seconds)
        except TimeoutError:
            words = "The mail server did not answer in time."
            handed = [_Handed("", Verdict.RETRY, None, AttemptError.TIMEOUT, words)]
        duration_ms = round((time.monotonic() - start) * 1000)
        return _attempt(handed, duration_ms, reached_before=bool(reached))

    def close(self) -> None:
        """Take no more mails; what is on its way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _hand_over_all(mail: Mail, addresses: Sequence[str]) -> list[_Handed]:
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return [_failed("", error)]
    try:
        return list(_hand_over(connection, mail, addresses))
    finally:
        # What went well stays well, however the server takes its leave.
        with suppress(OSError, smtplib.SMTPException):
            connection.close()


def _hand_over(
    connection: BaseEmailBackend, mail: Mail, addresses: Sequence[str]
) -> Iterator[_Handed]:
    for address in addresses:
        message = mail_to(address, mail, settings.DEFAULT_FROM_EMAIL)
        try:
            connection.send_messages([message])
        except (OSError, smtplib.SMTPException) as error:
            yield _failed(address, error)
        else:
            yield _Handed(address, Verdict.DELIVERED, OK_CODE)


def _failed(address: str, error: Exception) -> _Handed:
    code, words = _reply_of(error)
    # Only what the server says of this address or this text is final: all else can be mended.
    about_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    if about_mail and code is not None and code >= FIRST_FINAL_CODE:
        return _Handed(address, Verdict.FINAL, code, AttemptError.REFUSED, words)
    if isinstance(error, TimeoutError):
        return _Handed(address, Verdict.RETRY, None, AttemptError.TIMEOUT, words)
    known = AttemptError.UNREACHABLE if code is None else AttemptError.RECEIVER_FAILED
    return _Handed(address, Verdict.RETRY, code, known, words)


def _reply_of(error: Exception) -> tuple[int | None, str]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return code, reply.decode("utf-8", "replace")
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return error.smtp_code, words
    return None, str(error) or type(error).__name__


def _attempt(handed: Sequence[_Handed], duration_ms: int, *, reached_before: bool) -> Attempt:
    reached = [each for each in handed if each.verdict is Verdict.DELIVERED]
    failures = [each for each in handed if each.verdict is not Verdict.DELIVERED]
    again = next((each for each in failures if each.verdict is Verdict.RETRY), None)
    if again is not None:
        verdict, worst = Verdict.RETRY, again
    elif failures and not reached and not reached_before:
        verdict, worst = Verdict.FINAL, failures[0]
    else:
        verdict, worst = Verdict.DELIVERED, None
    return Attempt(
        verdict=verdict,
        duration_ms=duration_ms,
        status_code=worst.code if worst else OK_CODE,
        error=worst.error if worst else None,
        detail=clip(" ".join(_words(each) for each in failures), MOST_IN_DETAIL),
        reached=tuple(mark_of(each.address) for each in reached),
    )


def _words(handed: _Handed) -> str:
    code = "" if handed.code is None else f"{handed.code} "
    words = f"{code}{one_line(handed.words)}"
    if not handed.address:
        return words
    # The ledger is read by more people than those who may see the addresses.
    shown = masked_address(handed.address)
    return f"{shown}: {words.replace(handed.address, shown)}"
