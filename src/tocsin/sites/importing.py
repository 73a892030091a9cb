"""Reading a list of addresses, pasted or from a file, and saying what would become of each."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from django.utils.formats import number_format
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.kit.errors import InvalidInput, invalid
from tocsin.sites import queries
from tocsin.sites.bulk_creation import Wanted
from tocsin.sites.egress import judge_when_saved
from tocsin.sites.urls import canonical_url
from tocsin.sites.words import clean_name
from tocsin.teams.limits import current_limits

FIELD = "text"
MOST_LINES = 500
MOST_CHARACTERS = 500_000
MOST_LINES_OF_A_ROW = 100
_URL_TITLES = frozenset({"url", "address", "site", "website", "link"})
_NAME_TITLES = frozenset({"name", "title", "label"})
_SEPARATORS = ("\t", ";", ",")


class LineState(StrEnum):
    """What would become of a line."""

    READY = "ready"
    DUPLICATE = "duplicate"
    INVALID = "invalid"
    NO_ROOM = "no_room"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One line as it was written, numbered from 1; `problem` says why it is not `ready`."""

    number: int
    url: str
    name: str
    state: LineState
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Written:
    number: int
    url: str
    name: str


def preview(principal: Principal, team_id: int, text: str) -> list[ImportLine]:
    """Say of each line what would become of it; creates nothing. Raises InvalidInput on `text`.

    A line is an address, or an address and a name as in CSV (comma, semicolon or tab), where
    what is quoted may hold line breaks; a first line of titles may name the columns. Three queries.
    """
    written = list(_read(text))
    watched = _watched(principal, team_id, written)
    remaining = current_limits(team_id).sites.remaining
    seen: set[str] = set()
    lines: list[ImportLine] = []
    for each in written:
        line = _judged(each, watched, seen)
        if line.state is LineState.READY and remaining is not None:
            if remaining == 0:
                line = _line(each, LineState.NO_ROOM, gettext("The plan has no room for it."))
            remaining = max(0, remaining - 1)
        lines.append(line)
    return lines


def wanted_of(lines: Sequence[ImportLine]) -> list[Wanted]:
    """Return what can be created of a preview."""
    return [Wanted(line.url, line.name or None) for line in lines if line.state is LineState.READY]


def _read(text: str) -> Iterator[_Written]:
    if len(text) > MOST_CHARACTERS:
        most = number_format(MOST_CHARACTERS, force_grouping=True)
        raise invalid(FIELD, gettext("Use at most %(most)s characters.") % {"most": most})
    rows = list(islice(_rows(text), MOST_LINES + 2))  # titles, and one too many
    address, name = 0, 1
    if rows and (titles := _titles(rows[0][1])):
        address, name = titles
        del rows[0]
    if not rows:
        raise invalid(FIELD, gettext("There is no address in it. Write one a line."))
    if len(rows) > MOST_LINES:
        raise invalid(FIELD, gettext("Use at most %(most)s lines at once.") % {"most": MOST_LINES})
    for number, cells in rows:
        # A name is one line; breaks within it come from cells that were wrapped.
        yield _Written(number, _cell(cells, address), " ".join(_cell(cells, name).splitlines()))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, with the number of their first line."""
    lines = text.lstrip("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = next((each for each in _SEPARATORS if each in first), ",")
    at = 0
    try:
        while at < len(lines):
            cells, used = _row(lines, at, separator)
            if any(cell.strip() for cell in cells):
                yield at + 1, cells
            at += used
    except csv.Error:
        raise invalid(FIELD, gettext("It cannot be read as lines of text.")) from None


def _row(lines: Sequence[str], at: int, separator: str) -> tuple[list[str], int]:
    """Return the cells of the row that begins at a line, and over how many lines it goes.

    A quoted cell may hold line breaks. A quote that is not closed as CSV wants it swallows nothing:
    its line is then read for itself. Raises csv.Error.
    """
    end = min(at + MOST_LINES_OF_A_ROW, len(lines))
    ahead = (f"{lines[number]}\n" for number in range(at, end))
    reader = csv.reader(ahead, delimiter=separator, skipinitialspace=True, strict=True)
    try:
        return next(reader, []), reader.line_num
    except csv.Error:
        alone = csv.reader([lines[at]], delimiter=separator, skipinitialspace=True)
        return next(alone, []), 1


def _titles(cells: Sequence[str]) -> tuple[int, int] | None:
    """Return where address and name stand, if a row names its columns."""
    titles = [cell.strip().casefold() for cell in cells]
    address = next((place for place, title in enumerate(titles) if title in _URL_TITLES), None)
    if address is None:
        return None
    name = next((place for place, title in enumerate(titles) if title in _NAME_TITLES), len(titles))
    return address, name


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _watched(principal: Principal, team_id: int, written: Sequence[_Written]) -> set[str]:
    urls = {url for each in written if (url := _canonical(each.url))}
    mine = queries.sites(principal, team_id=team_id).filter(url__in=urls)
    return set(mine.values_list("url", flat=True))


def _canonical(text: str) -> str:
    try:
        return canonical_url(text)
    except InvalidInput:
        return ""


def _judged(written: _Written, watched: set[str], seen: set[str]) -> ImportLine:
    try:
        url = canonical_url(written.url)
        judge_when_saved(url)
        if written.name:
            clean_name(written.name)
    except InvalidInput as error:
        return _line(written, LineState.INVALID, str(error))
    if url in watched:
        return _line(written, LineState.DUPLICATE, gettext("This team watches it already."))
    if url in seen:
        return _line(written, LineState.DUPLICATE, gettext("It stands further up in this list."))
    seen.add(url)
    return _line(written, LineState.READY)


def _line(written: _Written, state: LineState, problem: str = "") -> ImportLine:
    return ImportLine(written.number, written.url, written.name, state, problem)
