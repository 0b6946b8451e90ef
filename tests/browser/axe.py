"""What axe, the accessibility checker, finds wrong with a page."""

import io
import json
import tarfile
from functools import cache

from playwright.sync_api import Page

from salesmode.kernel import assets
from tests.database import CACHE

GRAVE = ("serious", "critical")
RUN = """async ([options, theme]) => {
  document.documentElement.dataset.bsTheme = theme;
  for (const each of document.getAnimations()) try { each.finish(); } catch { each.cancel(); }
  const found = await axe.run(document, options);
  return found.violations.map((each) => [each.impact, each.id, each.nodes.map((node) =>
    node.html.slice(0, 160) + " " + [...node.any, ...node.all].map((why) => why.message).join(" ").slice(0, 200))]);
}"""
OPTIONS = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@cache
def source() -> str:
    """Return axe itself: fetched once, checked against package-lock.json, kept beside the tests' database."""
    version = json.loads(assets.LOCK.read_text())["packages"]["node_modules/axe-core"]["version"]
    kept = CACHE / f"axe-{version}.js"
    if not kept.exists():
        with tarfile.open(fileobj=io.BytesIO(assets.fetch("axe-core"))) as archive:
            member = archive.extractfile("package/axe.min.js")
            assert member is not None
            kept.write_bytes(member.read())
    return kept.read_text(encoding="utf-8")


def faults(page: Page, *, theme: str) -> set[str]:
    """Return what is gravely wrong with the open page, in light or in dark."""
    page.evaluate(source())
    found = page.evaluate(RUN, [OPTIONS, theme])
    return {f"{theme} {rule}: {html}" for impact, rule, nodes in found if impact in GRAVE for html in nodes}
