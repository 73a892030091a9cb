"""Every sentence that probes, rules and couriers write down can be said in other languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tocsin
from tocsin.notifications.phrases import TOLD
from tocsin.probes.dns.judge import PHRASES, HardFailure

ROOT = Path(tocsin.__file__).parent
WRITERS = (
    "probes",
    "issues/rules",
    "checks/summaries.py",
    "checks/manual_runs.py",
    "notifications/actions/drills.py",
    "notifications/actions/testing.py",
    "notifications/couriers.py",
    "notifications/sending",
)
# What only the log or whoever runs the machine reads.
FOR_OPERATORS = (
    "No resolver is named",
    "The proxy has not been started.",
    "The worker was started without",
    "7 is not a resolver",
)
# Written in parts; tested whole below.
IN_PARTS = "7 of 7 resolvers 7."
FIELD = re.compile(r"\{[^}]*\}")
SAMPLES = ("7", "name.example")


@pytest.mark.parametrize("writer", WRITERS)
def test_every_sentence_is_a_phrase(writer: str) -> None:
    unknown = [
        sentences[0]
        for path in _files(ROOT / writer)
        for sentences in _sentences(path)
        if not any(TOLD.knows(each) for each in sentences)
    ]
    assert not unknown, "\n".join(unknown)


@pytest.mark.parametrize("code", [*PHRASES, "refused"])
def test_every_failure_of_resolvers_is_a_phrase(code: str) -> None:
    assert TOLD.knows(HardFailure((code,), 2, 3).message)
    assert TOLD.knows(HardFailure((code, "unreachable"), 2, 3).message)


def _files(place: Path) -> list[Path]:
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def _sentences(path: Path) -> Iterator[list[str]]:
    """Yield the sentences of a module, each with numbers and with names for what varies in it."""
    tree = ast.parse(path.read_text())
    parts = {id(inner) for node in ast.walk(tree) for inner in _parts(node)}
    for node in ast.walk(tree):
        if id(node) in parts:
            continue
        texts = [_text(node, sample) for sample in SAMPLES]
        if _is_sentence(texts[0]):
            yield texts


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what of a node is not a sentence of its own: parts of texts, and docstrings."""
    if isinstance(node, ast.JoinedStr):
        yield from (inner for inner in ast.walk(node) if inner is not node)
    elif isinstance(node, ast.Expr):
        yield node.value


def _text(node: ast.AST, sample: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return FIELD.sub(sample, node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, sample) for part in node.values)
    if not isinstance(node, ast.FormattedValue):
        return ""
    # “day{'' if days == 1 else 's'}”
    return _text(node.value.orelse, sample) if isinstance(node.value, ast.IfExp) else sample


def _is_sentence(text: str) -> bool:
    words = text.split()
    is_whole = len(words) > 2 and text.endswith(".") and not text.startswith(FOR_OPERATORS)
    return is_whole and text != IN_PARTS and (text[0].isupper() or text.startswith(SAMPLES))
