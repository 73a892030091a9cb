"""What a check found, in a few words for lists; true also of one without an answer."""

from django.utils.translation import gettext as _

from tocsin.checks.check_view import CheckView
from tocsin.checks.summaries import in_words
from tocsin.probes.contract import CheckStatus, Tool
from tocsin.web.phrases import said


def problem_of(check: CheckView) -> str:
    """Return why a check has no result, in words; empty where it has one."""
    return said(str((check.error or {}).get("message") or ""))


def summary_of(check: CheckView) -> str:
    """Say what a check found, else why it found nothing; never empty."""
    if check.status == CheckStatus.PENDING:
        return _("No answer yet")
    summary = said(in_words(Tool(check.type), check.result, problem_of(check)))
    if summary:
        return summary
    if check.status == CheckStatus.SKIPPED:
        return _("No reason was recorded")
    return _("It left no result")
