import json

from tests.config.conftest import run

ROWS = {
    "simulate and load",
    "board",
    "list by owner and stage",
    "list, deep page",
    "customer page",
    "search, two characters",
    "search, initials",
    "open a deal through the API",
    "move a deal through the API",
    "import customers from CSV",
    "cockpit page",
    "cockpit of 29 sellers, 2,000 deals",
    "metric month owner",
    "cockpit cards",
    "cockpit cards again",
    "event to metric, 100 a second",
    "event to metric, one at a time",
}


def test_every_piece_of_work_is_measured_beside_its_limit():
    told = run("bench", "--small", "--json")

    figures = {figure["name"]: figure for figure in json.loads(told.stdout)["figures"]}
    assert figures.keys() >= ROWS
    assert all(figure["value"] > 0 for figure in figures.values())
    assert figures["board"]["ratio"] == round(figures["board"]["value"] / figures["board"]["limit"], 2)


def test_a_company_is_loaded_only_into_an_empty_folder(tmp_path):
    tiny = ("simulate", "--size", "tiny", "--customers", "20", "--deals", "30", "--json", "--data", tmp_path)

    first, second = run(*tiny), run(*tiny)

    assert json.loads(first.stdout)["made"]["deals"] == 30
    assert second.returncode == 1
    assert "already holds a company" in second.stderr
