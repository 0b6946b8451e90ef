"""The pages on which a file becomes records."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from salesmode.exchange import operations
from salesmode.exchange.custom import columns_of
from salesmode.exchange.failed_rows import write_failed_rows
from salesmode.exchange.forms import ReadingForm, UploadForm, words_given
from salesmode.exchange.models import ImportRun
from salesmode.exchange.preview import preview, table_of, unknown_words
from salesmode.exchange.reading import UnreadableFile
from salesmode.exchange.sheet import SHEETS, sheets_for
from salesmode.exchange.writing import FORMS
from salesmode.kernel.refusals import Invalid, NotAllowed, NotFound


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """Choose what to bring in, and look at what one brought in before."""
    runs = list(ImportRun.objects.visible_to(request.user).newest_first()[:50])
    for run in runs:
        run.title = SHEETS[run.sheet].title if run.sheet in SHEETS else run.sheet  # type: ignore[attr-defined]
    return render(request, "exchange/imports.html", {"sheets": sheets_for(request.user), "runs": runs})


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Hand in a file for a sheet."""
    sheets = sheets_for(request.user)
    if not sheets:
        raise NotAllowed
    form = UploadForm(
        request.POST or None, request.FILES or None, sheets=sheets, initial={"sheet": request.GET.get("sheet", "")}
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = operations.receive_file(
                SHEETS[form.cleaned_data["sheet"]], file, name=file.name, by=request.user, at=now()
            )
        except UnreadableFile as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("exchange:import", run.pk)
    return render(
        request, "exchange/start.html", {"form": form, "submit_label": _("Go on")}, status=422 if form.is_bound else 200
    )


def _mine(request: HttpRequest, import_id: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(request.user), pk=import_id)


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, import_id: int) -> HttpResponse:
    """Say which column is which while an import is being prepared; afterwards look how it goes."""
    run = _mine(request, import_id)
    sheet = SHEETS[run.sheet]
    if run.status != ImportRun.Status.DRAFT:
        return render(request, "exchange/import.html", _progress(run))
    columns = [*sheet.columns, *columns_of(sheet.kind)]
    form = ReadingForm(request.POST or None, run=run, sheet=sheet, columns=columns)
    if request.method == "POST" and form.is_valid():
        try:
            operations.prepare_import(run, **form.answers(), by=request.user, at=now())
        except Invalid as refusal:
            _say(form, run, refusal)
        else:
            return redirect("exchange:preview", run.pk)
    sample = [cells for _number, (_row, cells) in zip(range(20), table_of(run).rows(), strict=False)]
    shown = {"run": run, "sheet": sheet, "form": form, "lines": form.lines(sample), "rows": run.total}
    return render(request, "exchange/mapping.html", shown, status=422 if form.is_bound else 200)


def _say(form: ReadingForm, run: ImportRun, refusal: Invalid) -> None:
    """Put a rule's sentences beside the columns they are about."""
    for name, sentences in refusal.fields.items():
        place = (
            f"column_{run.headers.index(name)}" if name in run.headers else {"keys": "key", "mode": "mode"}.get(name)
        )
        form.add_error(place, sentences)


def _progress(run: ImportRun) -> dict[str, object]:
    return {
        "run": run,
        "sheet": SHEETS[run.sheet],
        "reasons": run.lines.filter(verdict="failed").order_by("number")[:20],
    }


@require_http_methods(["GET", "POST"])
def show_preview(request: HttpRequest, import_id: int) -> HttpResponse:
    """See row by row what would happen, and say what unknown words mean."""
    run = _mine(request, import_id)
    if run.status != ImportRun.Status.DRAFT:
        return redirect("exchange:import", run.pk)
    if request.method == "POST":
        unknown = unknown_words(run, seen_by=request.user)
        operations.prepare_import(
            run, choices=words_given(request.POST, unknown, run.choices), by=request.user, at=now()
        )
        return redirect("exchange:preview", run.pk)
    seen = preview(run, seen_by=request.user, at=now())
    return render(request, "exchange/preview.html", {"run": run, "sheet": SHEETS[run.sheet], "seen": seen})


@require_POST
def run(request: HttpRequest, import_id: int) -> HttpResponse:
    """Let the rows come in, now or again."""
    operations.request_import(_mine(request, import_id), by=request.user, at=now())
    return redirect("exchange:import", import_id)


@require_POST
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    """Stop an import; what came in stays."""
    operations.cancel_import(_mine(request, import_id), by=request.user, at=now())
    messages.success(request, _("The import was stopped. What came in stays; it can go on later."))
    return redirect("exchange:import", import_id)


@require_GET
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """Return how far an import has come, as a piece of its page."""
    return render(request, "exchange/import.html#progress", _progress(_mine(request, import_id)))


@require_GET
def failed_rows(request: HttpRequest, import_id: int, form: str) -> HttpResponse:
    """Hand out the rows that did not come in, each with its reason, to whoever handed the file in."""
    run = _mine(request, import_id)
    if form not in FORMS:
        raise NotFound
    with tempfile.NamedTemporaryFile(suffix=f".{form}") as file:
        write_failed_rows(run, Path(file.name), form)
        content = Path(file.name).read_bytes()
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{run.pk}-errors.{form}"'
    return answer


@require_GET
def saved_map(request: HttpRequest, import_id: int) -> HttpResponse:
    """Hand out how a file is read, for the command line's --map."""
    run = _mine(request, import_id)
    document = {"sheet": run.sheet, "mapping": run.mapping, "choices": run.choices, "mode": run.mode, "keys": run.keys}
    answer = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{run.pk}-map.json"'
    return answer
