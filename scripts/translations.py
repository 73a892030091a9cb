"""Bring the catalogues up to date with the code: what is new comes in empty, what is gone goes.

Babel reads the Python files itself; templates become, by Django's own `templatize`, calls that it
reads the same way. Nothing is guessed from similar messages: a message is translated or empty.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from scripts.compile_catalogues import LOCALES, ROOT, catalogues, compile_catalogue

SOURCE = ROOT / "src" / "tocsin"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
WIDTH = 100
# Fixed, so that extracting twice changes nothing.
NO_TIME = datetime(2026, 11, 24, tzinfo=UTC)


def main() -> int:
    """Update and compile every catalogue; return the exit code."""
    if not settings.configured:
        settings.configure()
    found = extracted()
    for path in catalogues():
        catalogue = updated(path, found)
        path.write_bytes(written(catalogue))
        compile_catalogue(path)
        empty = sum(1 for message in catalogue if message.id and not is_translated(message.string))
        name = path.relative_to(LOCALES)
        sys.stderr.write(f"{name}: {len(catalogue)} messages, {empty} without a translation\n")
    return 0


def extracted() -> Catalog:
    """Return every message of the code and the templates."""
    found = Catalog(project="Tocsin", charset="utf-8", creation_date=NO_TIME)
    for path in _sources():
        for line, name, message, comments in _messages(path):
            context, ids = _split(name, message)
            place = (str(path.relative_to(ROOT)), line)
            found.add(ids, context=context, locations=[place], auto_comments=comments)
    return found


def updated(path: Path, found: Catalog) -> Catalog:
    """Return a catalogue with exactly the messages that were found."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name)
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.version = "Tocsin", "main"
    catalogue.msgid_bugs_address = catalogue.last_translator = ""
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return the text of a catalogue: places without lines, so that changes are read easily."""
    file = BytesIO()
    write_po(file, catalogue, width=WIDTH, include_lineno=False, sort_by_file=True)
    return file.getvalue()


def is_translated(string: str | tuple[str, ...] | list[str]) -> bool:
    """Tell whether a translation is there, in every plural form."""
    return bool(string) and (isinstance(string, str) or all(string))


def _sources() -> Iterator[Path]:
    for pattern in ("*.py", "*.html", "*.txt"):
        yield from sorted(SOURCE.rglob(pattern))


def _messages(path: Path) -> Iterator[tuple[int, str, object, list[str]]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is not a message becomes words of X; brackets make their indentation harmless.
        text = f"({templatize(text, origin=str(path))})"
    found = extract_python(BytesIO(text.encode()), KEYWORDS.keys(), ["Translators:"], {})
    for line, name, message, comments in found:
        if name:
            yield line, name, message, comments


def _split(name: str, message: object) -> tuple[str | None, str | tuple[str, str]]:
    words = message if isinstance(message, tuple) else (message,)
    spec = KEYWORDS[name] or (1,)
    context = next((words[place[0] - 1] for place in spec if isinstance(place, tuple)), None)
    ids = tuple(words[place - 1] for place in spec if isinstance(place, int))
    return context, ids if len(ids) > 1 else ids[0]


if __name__ == "__main__":
    raise SystemExit(main())
