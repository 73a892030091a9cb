"""What is wrong now, grouped as people think of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.issues.active import IssueLine
from tocsin.issues.vocabulary import IssueStatus
from tocsin.probes.contract import Tool
from tocsin.web.board import Look
from tocsin.web.issues.words import severity_look

_GROUPS: tuple[tuple[Tool, Promise], ...] = (
    (Tool.STATUS, _("Down")),
    (Tool.SSL, _("Certificates")),
    (Tool.DNS, _("DNS")),
    (Tool.BROKEN_LINKS, _("Broken links")),
    (Tool.PERFORMANCE, _("Performance")),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One active issue and how it is shown."""

    line: IssueLine
    look: Look
    is_acknowledged: bool


@dataclass(frozen=True, slots=True)
class TroubleGroup:
    """The troubles of one tool."""

    title: Promise
    troubles: tuple[Trouble, ...]


def grouped(lines: Iterable[IssueLine]) -> list[TroubleGroup]:
    """Group active issues by tool, what is down first; groups without any are left out."""
    troubles = [trouble_of(line) for line in lines]
    groups = [
        TroubleGroup(title, tuple(each for each in troubles if each.line.type == tool))
        for tool, title in _GROUPS
    ]
    return [group for group in groups if group.troubles]


def trouble_of(line: IssueLine) -> Trouble:
    """Choose how an issue is shown."""
    look = severity_look(line.severity)
    return Trouble(line, look, line.status == IssueStatus.ACKNOWLEDGED)
