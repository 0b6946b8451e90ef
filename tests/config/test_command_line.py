import json

import click
import pytest

from salesmode.config.cli import salesmode
from tests.config.conftest import run

NAMES = salesmode.list_commands(click.Context(salesmode))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_a_sentence_an_example_and_a_data_folder(name):
    command = salesmode.get_command(click.Context(salesmode), name)
    assert command.name == name
    assert command.help
    assert f"salesmode {name}" in (command.epilog or "")
    assert "--data" in [option for parameter in command.params for option in parameter.opts]


def test_the_data_folder_may_be_named_before_or_after_the_command(company_folder):
    before = run("--data", company_folder, "doctor", "--json")
    after = run("doctor", "--json", "--data", company_folder)
    named = run("doctor", "--json", SALESMODE_DATA=str(company_folder))
    for told in (before, after, named):
        assert json.loads(told.stdout)["ok"], told.stdout


def test_doctor_says_what_is_wrong_and_fails(tmp_path):
    told = run("doctor", "--json", "--data", tmp_path)
    wrong = [check["name"] for check in json.loads(told.stdout)["checks"] if not check["ok"]]
    assert wrong == ["schema"]
    assert told.returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("restore", "nowhere.zip"),
        ("token", "create", "--person", "nobody@example.com", "--name", "x", "--scope", "read"),
        ("doctor", "--data", "/proc/nowhere"),
        ("export", "customer", "--out", "/nowhere/at/all.csv"),
        ("waterfall", "--from", "2026-03-31", "--to", "2026-03-01", "--json"),
        ("metrics", "won_amount", "--by", "luck", "--json"),
    ],
)
def test_an_error_is_one_clear_line(arguments, company_folder):
    told = run(*arguments, SALESMODE_DATA=str(company_folder))
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.startswith("Error: ")
    assert told.stderr.count("\n") == 1
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("metrics", "won_amount", "--compare", "luck"), ("import", "customer", "nowhere.csv"), ("export",)],
)
def test_a_slip_of_the_pen_is_one_clear_line_too(arguments):
    told = run(*arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("Error: ")
    assert told.stderr.count("\n") == 1
    assert "--help'" in told.stderr
