"""What leads and deals are called: words of two meanings are told apart, and sentences run on."""

from django.utils.translation import override

from salesmode.selling.models import Lead, Stage
from salesmode.selling.models.lead import LeadAlreadyClosed


def test_a_closed_lead_is_refused_in_a_sentence():
    refusal = LeadAlreadyClosed(Lead(name="Ada", status=Lead.Status.CONVERTED))

    with override("en"):
        assert LeadAlreadyClosed(Lead(name="Ada", status=Lead.Status.CONVERTED)).message == "Ada was already converted."
    assert refusal.message


def test_a_new_lead_and_the_first_forecast_category_have_words_of_their_own_in_chinese():
    with override("zh-hans"):
        assert (str(Lead.Status.NEW.label), str(Stage.Category.PIPELINE.label)) == ("待跟进", "储备")
