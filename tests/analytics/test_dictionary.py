"""The metric dictionary: complete, in both languages, and written down."""

from pathlib import Path

from salesmode.analytics.dictionary import document
from salesmode.analytics.facts import declared
from salesmode.analytics.metrics import REGISTRY

PAGE = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"


def test_every_metric_and_fact_table_has_its_place_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    assert [code for code in REGISTRY if f"\n## {code}\n" not in page] == []
    assert [name for name in declared() if f"`{name}`" not in page] == []


def test_the_page_is_made_from_the_registry():
    assert all(f"\n## {code}\n" in document() for code in REGISTRY)


def test_every_metric_asks_a_question():
    assert [code for code, metric in REGISTRY.items() if not str(metric.question).endswith("?")] == []


def test_every_fact_table_says_what_a_row_is():
    assert [name for name, fact in declared().items() if not fact.grain.startswith("one row for")] == []
