"""The command without a command, and what it says of itself."""

import pytest

from tocsin.cli.main import COMMANDS, run


def test_it_names_every_command_in_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [name for name in COMMANDS if f" {name} " not in shown] == []


@pytest.mark.parametrize("arguments", [[], ["admin"]])
def test_it_answers_a_missing_command_with_help_and_no_empty_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert "Usage:" in printed.out + printed.err
    assert "tocsin: \n" not in printed.err
