"""The metric dictionary as a page: docs/metrics.md is written from the registry and never by hand."""

from django.utils import translation

from salesmode.analytics.dimensions import DIMENSIONS
from salesmode.analytics.facts import declared
from salesmode.analytics.measure import dimensions_of
from salesmode.analytics.metrics import REGISTRY, Metric

HEAD = """# Metrics

Generated from the metric registry; do not edit. Every number is defined once and used by the cockpit, the API and
`salesmode metrics`. Unknown is null, never 0. Periods are half-open, in the company's time zone.
"""


def document() -> str:
    """Return docs/metrics.md as it should be."""
    metrics = [REGISTRY[code] for code in sorted(REGISTRY)]
    facts = [f"| `{name}` | {fact.app} | {fact.grain} |" for name, fact in sorted(declared().items())]
    dimensions = [f"| `{name}` | {_both(one.label)} |" for name, one in sorted(DIMENSIONS.items())]
    parts = [
        HEAD,
        *(_entry(one) for one in metrics),
        "## Dimensions\n\n| Code | Name |\n|---|---|\n" + "\n".join(dimensions) + "\n",
        "## Fact tables\n\n| Table | App | One row |\n|---|---|---|\n" + "\n".join(facts) + "\n",
    ]
    return "\n".join(parts)


def _entry(metric: Metric) -> str:
    slices = ", ".join(f"`{name}`" for name in dimensions_of(metric)) or "none"
    lines = [
        f"## {metric.code}",
        "",
        f"**{_both(metric.label)}**",
        "",
        *_each(metric.question),
        "",
        f"- Unit: {metric.unit}; better when {metric.direction}",
        f"- Kind: {metric.kind}; computed as `{metric.computed}`",
        f"- From: {', '.join(f'`{fact}`' for fact in metric.facts) or 'other metrics'}",
        f"- By: {slices}",
        "",
    ]
    return "\n".join(lines)


def _each(text: object) -> list[str]:
    found = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            if str(text) not in found:
                found.append(str(text))
    return "\n\n".join(found).split("\n")


def _both(text: object) -> str:
    return " · ".join(line for line in _each(text) if line)
