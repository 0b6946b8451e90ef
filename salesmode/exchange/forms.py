"""What people choose on the way of a file into a sheet."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from salesmode.exchange.mapping import IGNORE, NOTES
from salesmode.exchange.models import ImportRun
from salesmode.exchange.preview import UnknownWords
from salesmode.exchange.sheet import Column, Sheet


class UploadForm(forms.Form):
    """Which file, and what it holds."""

    sheet = forms.ChoiceField(label=_("What does the file hold?"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or CSV, up to 256 MB. The first row names the columns; any language and encoding."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )

    def __init__(self, *args: Any, sheets: list[Sheet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(sheet.kind, sheet.title) for sheet in sheets]  # type: ignore[attr-defined]


class ReadingForm(forms.Form):
    """Which column is which, and what happens to records that exist."""

    mode = forms.ChoiceField(label=_("What should happen?"), choices=ImportRun.Mode.choices, widget=forms.RadioSelect)
    key = forms.ChoiceField(label=_("Existing records are known by"), required=False)

    def __init__(self, *args: Any, run: ImportRun, sheet: Sheet, columns: list[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        names = {column.name: column.label for column in columns}
        known_by = [(key, names[key]) for key in sheet.all_keys]
        self.fields["key"].choices = [("", _("Nothing: every row is new")), *known_by]  # type: ignore[attr-defined]
        if sheet.amend is None:
            self.fields["mode"].choices = ImportRun.Mode.choices[:1]  # type: ignore[attr-defined]
        targets = [
            (IGNORE, _("Leave out")),
            *([(NOTES, _("Keep in the notes"))] if sheet.notes else []),
            *names.items(),
        ]
        for position, header in enumerate(run.headers):
            field = forms.ChoiceField(label=header, choices=targets, required=False)
            self.fields[f"column_{position}"] = field
            self.initial.setdefault(f"column_{position}", run.mapping.get(header, IGNORE))
        self.initial.setdefault("mode", run.mode)
        self.initial.setdefault("key", run.keys[0] if run.keys else "")

    def answers(self) -> dict[str, Any]:
        """Return what the operation asks for."""
        data = self.cleaned_data
        mapping = {header: data[f"column_{position}"] for position, header in enumerate(self.run.headers)}
        return {"mapping": mapping, "mode": data["mode"], "keys": [data["key"]] if data["key"] else []}

    def lines(self, sample: list[list[Any]]) -> list[tuple[Any, list[str]]]:
        """Return each column's field beside the first values in it."""
        shown = []
        for position in range(len(self.run.headers)):
            values = [str(row[position]) for row in sample if str(row[position] or "").strip()]
            shown.append((self[f"column_{position}"], list(dict.fromkeys(values))[:3]))
        return shown


def words_given(
    data: QueryDict, unknown: list[UnknownWords], former: dict[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    """Return what unknown words are to mean: what was meant before, and what the form says now."""
    choices = {column: dict(words) for column, words in former.items()}
    for each in unknown:
        allowed = {value for value, _label in each.options} | {"-"}
        for position, word in enumerate(each.words):
            meant = data.get(f"word_{each.column.name}_{position}", "")
            if meant in allowed:
                choices.setdefault(each.column.name, {})[word.text] = "" if meant == "-" else meant
    return choices
