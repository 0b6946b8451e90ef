"""What a linter cannot say about how the house is built."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "salesmode"
# The kernel's own machinery, and programs that are not part of an app's flow.
DOMAIN = (
    "people", "customers", "catalog", "selling", "orders", "targets", "forecasts", "reviews", "pay", "modes",
    "workspace", "exchange", "simulation",
)  # fmt: skip
WRITES = {
    "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
    "asave", "acreate", "aupdate", "adelete",
}  # fmt: skip
FULL = 400


def _files(*apps: str) -> Iterator[Path]:
    for app in apps:
        for file in sorted((PACKAGE / app).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file


def _room(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[1].removesuffix(".py")


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


def _writes(node: ast.Call) -> bool:
    """Say whether a call writes through the ORM; dict.update, hashlib's update and the like do not."""
    source = ast.unparse(node.func)
    if source.endswith(".update") and not any(
        mark in source for mark in (".objects", ".filter(", ".all(", ".exclude(")
    ):
        return False
    if source.endswith(".create") and ".objects" not in source:
        return False
    if source.endswith(".delete") and any(mark in source for mark in ("cache.", "session", "storage", "requests.")):
        return False
    return not source.startswith(("super(", "self.request.session", "writer.", "book."))


def written_outside_operations() -> list[str]:
    """Return every line that changes the database outside an app's operations."""
    return [
        f"{_name(file)}:{node.lineno} {ast.unparse(node.func)}"
        for file in _files(*DOMAIN)
        if _room(file) != "operations"
        for name, node in _calls(_tree(file))
        if name in WRITES and _writes(node)
    ]


def _public_operations() -> Iterator[tuple[str, ast.FunctionDef]]:
    for app in DOMAIN:
        menu = PACKAGE / app / "operations" / "__init__.py"
        rooms = (
            [PACKAGE / app / "operations.py"]
            if not menu.exists()
            else sorted((PACKAGE / app / "operations").glob("*.py"))
        )
        offered = _offered(menu) if menu.exists() else None
        for file in rooms:
            if not file.exists():
                continue
            for node in _tree(file).body:
                public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
                if public and (offered is None or node.name in offered):
                    yield f"{_name(file)}:{node.lineno} {node.name}", node


def _offered(menu: Path) -> set[str]:
    for node in _tree(menu).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def _is_verb(node: ast.FunctionDef) -> bool:
    """Verbs say who and when; the rest of a menu are small words that verbs share."""
    return {"by", "at"} <= {argument.arg for argument in node.args.kwonlyargs}


class TestOnlyOperationsWrite:
    def test_nothing_else_changes_the_database(self):
        assert written_outside_operations() == []

    def test_a_write_elsewhere_would_be_seen(self):
        call = ast.parse("Deal.objects.filter(pk=1).update(title='x')", mode="eval").body
        assert isinstance(call, ast.Call)
        assert _writes(call)


class TestEveryOperation:
    def test_is_atomic(self):
        loose = [
            name
            for name, node in _public_operations()
            if _is_verb(node) and not any("atomic" in ast.unparse(mark) for mark in node.decorator_list)
        ]
        assert loose == []

    def test_has_a_sentence(self):
        assert [name for name, node in _public_operations() if not ast.get_docstring(node)] == []

    def test_leaves_an_event(self):
        silent = []
        for name, node in _public_operations():
            called = {each for each, _call in _calls(node)}
            if _is_verb(node) and not called & RECORDS and not any(each in VERBS() for each in called):
                silent.append(name)
        assert silent == []


RECORDS = {"record", "record_many"}


def VERBS() -> set[str]:
    """Return the operations that a verb may leave the recording to."""
    return {node.name for _name, node in _public_operations() if _is_verb(node)}


class TestEveryEvent:
    def test_is_named_after_its_subject_and_has_a_sentence(self):
        from salesmode.kernel.events import REGISTRY

        wrong = [
            name
            for name, event in REGISTRY.items()
            if f"{name.partition('.')[0]}_id" not in event.model_fields or not (event.__doc__ or "").strip()
        ]
        assert wrong == []


class TestRooms:
    def test_are_small(self):
        full = [f"{_name(file)} {count}" for file in PACKAGE.rglob("*.py") if (count := _lines(file)) > FULL]
        assert full == []

    def test_nobody_looks_models_up_by_name(self):
        found = [
            _name(file)
            for file in PACKAGE.rglob("*.py")
            if "migrations" not in file.parts and "get_model(" in file.read_text()
        ]
        assert found == []

    @pytest.mark.parametrize(
        "word", ["csrf_exempt", "pickle", "eval(", "**request.GET", "**request.POST", "from django.test"]
    )
    def test_nothing_dangerous_is_used(self, word):
        # The bench opens pages in its own process; it is no door that anybody comes in by.
        files = [file for file in PACKAGE.rglob("*.py") if "bench" not in file.relative_to(PACKAGE).parts]
        assert [_name(file) for file in files if word in file.read_text(encoding="utf-8")] == []

    def test_no_page_has_inline_script_or_style(self):
        marks = ("<script>", " style=", "onclick=", "onchange=", "onsubmit=", "javascript:")
        found = [
            f"{_name(file)}: {mark}"
            for file in PACKAGE.rglob("*.html")
            for mark in marks
            if mark in file.read_text(encoding="utf-8")
        ]
        assert found == []

    def test_every_choice_says_what_an_empty_one_means(self):
        """The framework's own row of dashes is no word in any language."""
        mute = [
            f"{_name(file)}:{call.lineno}"
            for file in sorted(PACKAGE.rglob("*.py"))
            for name, call in _calls(_tree(file))
            if name == "ModelChoiceField" and "empty_label" not in {word.arg for word in call.keywords}
        ]
        assert not mute

    def test_no_attribute_holds_markup(self):
        """A filter that writes an element does not belong between the quotes of another's attribute."""
        written = re.compile(
            r'(?:title|aria-label|alt|placeholder)="[^"]*\{\{[^}]*\|(?:day|short_day|moment|money_short)\b'
        )
        pages = PACKAGE.rglob("*.html")
        assert [_name(file) for file in pages if written.search(file.read_text(encoding="utf-8"))] == []


def _lines(file: Path) -> int:
    return 0 if "migrations" in file.parts else file.read_text(encoding="utf-8").count("\n")


class TestThePackage:
    def test_names_no_host_in_its_locks(self):
        for name in ("requirements.txt", "requirements-dev.txt"):
            assert "://" not in (ROOT / name).read_text(), name
        assert '"resolved"' not in (ROOT / "package-lock.json").read_text()

    def test_contracts_cover_every_app(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        floors = " ".join(
            next(each for each in project["tool"]["importlinter"]["contracts"] if each["type"] == "layers")["layers"]
        )
        apps = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()}
        assert {app for app in apps if app not in floors} == set()
