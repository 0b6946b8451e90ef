"""The forms of a page as a browser would send them back: every field with the value that it shows."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# Buttons that ask for something beside the form and save nothing.
ASKING = {"propose"}


@dataclass
class Form:
    """One form that is sent by POST: where to, and what it says when nobody touches it."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.form: Form | None = None
        self.text: str | None = None
        self.choice: str | None = None
        self.first: str | None = None
        self.radios: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action", "")) if given.get("method", "").lower() == "post" else None
            self.found += [self.form] if self.form else []
        elif self.form is not None and "disabled" not in given:
            self._field(tag, given, self.form)

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "option" and self.choice:
            if "selected" in given:
                form.fields.setdefault(self.choice, []).append(given.get("value", ""))
            elif self.first is None:
                self.first = given.get("value", "")
        elif not name:
            return
        elif tag == "textarea":
            self.text = name
            form.fields[name] = [""]
        elif tag == "select":
            self.choice, self.first = name, None if "multiple" not in given else ""
            self.is_many = "multiple" in given
        elif tag == "input" and kind not in ("submit", "button", "file", "image"):
            if kind == "radio":
                self.radios.setdefault(name, given.get("value", ""))
            # A box that must be ticked is ticked: nobody could send the form otherwise.
            is_ticked = "checked" in given or (kind == "checkbox" and "required" in given)
            if kind not in ("checkbox", "radio") or is_ticked:
                form.fields.setdefault(name, []).append(given.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "button" and kind != "button" and name not in ASKING:
            form.fields.setdefault(name, [given.get("value", "")])

    def handle_data(self, data: str) -> None:
        if self.text and self.form is not None:
            self.form.fields[self.text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form is not None:
            for name, value in self.radios.items():
                self.form.fields.setdefault(name, [value])
            self.form, self.radios = None, {}
        elif tag == "textarea":
            self.text = None
        elif tag == "select":
            if self.form is not None and self.choice and not self.is_many and self.choice not in self.form.fields:
                self.form.fields[self.choice] = [self.first or ""]
            self.choice = None


def forms_of(html: str) -> list[Form]:
    """Return the forms of a page that change something."""
    reader = _Reader()
    reader.feed(html)
    for form in reader.found:
        form.fields.pop("csrfmiddlewaretoken", None)
        for name, values in form.fields.items():
            # A browser leaves out the line break right after <textarea>.
            form.fields[name] = [value.removeprefix("\n") for value in values]
    return reader.found
