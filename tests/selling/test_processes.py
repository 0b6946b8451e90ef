"""How deals go, and why they are lost."""

import pytest

from salesmode.kernel.models import EventRecord
from salesmode.kernel.refusals import Invalid, NotAllowed
from salesmode.selling import operations as selling
from salesmode.selling.models import LossReason, Process
from salesmode.selling.models.process import StageStillUsed
from tests.conftest import MONDAY, TUESDAY


def _drafts(process) -> list[selling.StageDraft]:
    return [selling.StageDraft(stage.name, stage.probability, id=stage.pk) for stage in process.stages.in_order()]


class TestAmendProcess:
    def test_swaps_names_and_places(self, process, system):
        first, second, *rest = _drafts(process)
        swapped = [
            selling.StageDraft(first.name, id=second.id),
            selling.StageDraft(second.name, id=first.id),
            *rest,
        ]
        selling.amend_process(process, stages=swapped, by=system, at=TUESDAY)

        assert [stage.pk for stage in process.stages.in_use().in_order()][:2] == [second.id, first.id]
        assert process.stages.get(pk=second.id).name == first.name

    def test_keeps_a_stage_with_open_deals(self, process, system, renewal):
        with pytest.raises(StageStillUsed):
            selling.amend_process(process, stages=_drafts(process)[1:], by=system, at=TUESDAY)

        assert process.stages.in_use().count() == 5

    def test_retires_an_empty_stage_and_remembers_it(self, process, system, renewal):
        *kept, gone = _drafts(process)
        selling.amend_process(process, stages=kept, by=system, at=TUESDAY)

        assert process.stages.get(pk=gone.id).is_active is False
        assert EventRecord.objects.get(name="process.amended").facts["retired_stage_ids"] == [gone.id]

    def test_can_use_a_retired_name_again(self, process, system):
        *kept, gone = _drafts(process)
        selling.amend_process(process, stages=kept, by=system, at=TUESDAY)
        again = selling.StageDraft(gone.name)
        selling.amend_process(process, stages=[*kept, again], by=system, at=TUESDAY)

        assert process.stages.filter(name=gone.name).count() == 2

    @pytest.mark.parametrize(
        "stages", [[], [selling.StageDraft("A"), selling.StageDraft("A")], [selling.StageDraft("")]]
    )
    def test_refuses_stages_that_cannot_be(self, stages, process, system):
        with pytest.raises(Invalid):
            selling.amend_process(process, stages=stages, by=system, at=TUESDAY)

    def test_refuses_a_stage_of_another_process(self, process, system):
        other = selling.define_process(name="Other", stages=[selling.StageDraft("Alone")], by=system, at=MONDAY)

        with pytest.raises(Invalid):
            selling.amend_process(process, stages=_drafts(other), by=system, at=TUESDAY)

    def test_makes_one_default(self, process, system):
        other = selling.define_process(name="Other", stages=[selling.StageDraft("Alone")], by=system, at=MONDAY)

        selling.amend_process(other, is_default=True, by=system, at=TUESDAY)

        assert list(Process.objects.filter(is_default=True)) == [other]

    def test_is_refused_to_sellers(self, process, ana):
        with pytest.raises(NotAllowed):
            selling.amend_process(process, name="Mine", by=ana, at=TUESDAY)


class TestTheStandardProcess:
    def test_has_the_sources_five_stages_in_both_languages(self, system):
        drafts = selling.standard_process_drafts("zh-hans")

        assert [draft.name for draft in drafts] == ["识别潜在客户", "发现需求", "展示方案", "处理异议", "成交"]
        assert [draft.probability for draft in selling.standard_process_drafts("en")] == [10, 30, 50, 70, 90]

    def test_is_laid_once(self, system):
        once = selling.define_standard_process(language="zh-hans", by=system, at=MONDAY)

        assert selling.define_standard_process(language="zh-hans", by=system, at=MONDAY) == once
        assert LossReason.objects.count() == 6


class TestLossReasons:
    def test_are_unique(self, system):
        selling.define_loss_reason(name="Budget", by=system, at=MONDAY)

        with pytest.raises(Invalid):
            selling.define_loss_reason(name="Budget ", by=system, at=MONDAY)
