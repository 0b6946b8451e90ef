"""The web door of habits: what happens every day or week, in which team."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST

from salesmode.kernel.pages import carry_out
from salesmode.people.visibility import viewer
from salesmode.reviews import operations
from salesmode.reviews.forms import RhythmForm
from salesmode.reviews.models import Rhythm


@require_http_methods(["GET", "POST"])
@login_required
def rhythms(request: HttpRequest) -> HttpResponse:
    """Show and set what happens every day or week."""
    form = RhythmForm(request.POST or None, initial={"starts_on": localdate()})
    if carry_out(form, operations.set_rhythm, by=viewer(request), at=now()) is not None:
        return redirect("reviews:rhythms")
    rows = Rhythm.objects.filter(ends_on=None).select_related("team").order_by("type", "team__name", "id")
    context = {"form": form, "rows": rows, "today": localdate()}
    return render(request, "reviews/rhythms.html", context, status=422 if form.is_bound else 200)


@require_POST
@login_required
def end_rhythm(request: HttpRequest, rhythm_id: int) -> HttpResponse:
    """Take a habit back from today on."""
    found = get_object_or_404(Rhythm, pk=rhythm_id)
    operations.end_rhythm(found, ends_on=localdate(), by=viewer(request), at=now())
    return redirect("reviews:rhythms")
