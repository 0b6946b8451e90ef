"""The files of modes and practices: those that came are right, and what is wrong is named with its line and key."""

import pytest

from salesmode.modes.models import PARTS
from salesmode.modes.queries import FileWrong, library, read

PRACTICE = """\
code: calls
name: {zh: 打电话, en: Calls}
why: {zh: 因为, en: Because}
asks: {zh: 每天, en: Every day}
parameters:
  - code: share
    name: {zh: 比例, en: Share}
    default: 40
    least: 5
    most: 100
settings:
  - part: modes.watch
    value: {most_percent: $share}
adoption:
  events: [interaction.logged]
  person: by_id
  times: 1
moves: {metric: won_amount}
cards: [won_amount]
open: workspace:today
"""
MODE = """\
code: simple
name: {zh: 简单, en: Simple}
summary: {zh: 简, en: s}
why: {zh: 因, en: w}
strength: {zh: 强, en: s}
weakness: {zh: 弱, en: w}
asks: {seller: {zh: 卖, en: s}, manager: {zh: 管, en: m}, director: {zh: 总, en: d}}
moves: {metric: won_amount}
practices: [calls]
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with one practice and one mode that are right."""
    for kind, name, text in (("practices", "calls", PRACTICE), ("modes", "simple", MODE)):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


class TestTheFilesThatCame:
    def test_are_right(self):
        assert {"traditional", "performance"} <= set(library().modes)

    @pytest.mark.parametrize("code", ["traditional", "performance"])
    def test_bundle_at_least_eight_practices(self, code):
        assert len(library().modes[code].practices) >= 8

    def test_belong_to_a_mode(self):
        bundled = {code for mode in library().modes.values() for code in mode.practices}

        assert set(library().practices) == bundled

    def test_use_every_part(self):
        used = {setting.part for practice in library().practices.values() for setting in practice.settings}

        assert used == set(PARTS)


class TestAFileThatIsWrong:
    def test_is_right_to_begin_with(self, folder):
        assert list(read(folder).practices) == ["calls"]

    @pytest.mark.parametrize(
        ("was", "becomes", "line", "key", "says"),
        [
            ("part: modes.watch", "part: modes.wach", 12, "settings.0.part", "no part called modes.wach"),
            (
                "most_percent: $share",
                "most_percent: $sher",
                13,
                "settings.0.value.most_percent",
                "no parameter called sher",
            ),
            (
                "most_percent: $share",
                "most_percent: 400",
                13,
                "settings.0.value.most_percent",
                "less than or equal to 100",
            ),
            ("most_percent: $share", "most: 40", 13, "settings.0.value.most", "Extra inputs"),
            (
                "interaction.logged]",
                "interaction.lodged]",
                15,
                "adoption.events.0",
                "no event called interaction.lodged",
            ),
            ("person: by_id", "person: seller_id", 16, "adoption.person", "does not say seller_id"),
            ("times: 1", "times: often", 17, "adoption.times", "a number"),
            ("metric: won_amount", "metric: joy", 18, "moves.metric", "no metric called joy"),
            ("cards: [won_amount]", "cards: [joy]", 19, "cards.0", "no metric called joy"),
            ("open: workspace:today", "open: workspace:moon", 20, "open", "no page called"),
            ("default: 40", "default: 4", 6, "parameters.0", "the default does not fit"),
            ("why: {zh: 因为, en: Because}", "why: {zh: 因为}", 3, "why.en", "Field required"),
            ("why: {zh: 因为, en: Because}", "wy: {zh: 因为, en: Because}", 3, "wy", "Extra inputs"),
            ("code: calls\n", "code: cals\n", 1, "code", "the file is called calls"),
            ("times: 1", "times: 1\n  times: 2", 18, "adoption.times", "twice"),
            ("moves: {metric", "moves: {{metric", 19, "-", ""),
        ],
    )
    def test_is_named_with_line_and_key(self, folder, was, becomes, line, key, says):
        assert was in PRACTICE
        (folder / "practices" / "calls.yaml").write_text(PRACTICE.replace(was, becomes), encoding="utf-8")

        with pytest.raises(FileWrong) as wrong:
            read(folder)

        found = [each for each in wrong.value.mistakes if each.file == "calls.yaml"]
        assert (line, key) in [(each.line, each.key) for each in found]
        assert says in str(wrong.value)

    def test_names_a_practice_that_is_not_there(self, folder):
        (folder / "modes" / "simple.yaml").write_text(MODE.replace("[calls]", "[calls, visits]"), encoding="utf-8")

        with pytest.raises(FileWrong, match=r"simple.yaml, line 9, practices.1: there is no practice called visits"):
            read(folder)

    def test_names_everything_that_is_wrong_at_once(self, folder):
        text = PRACTICE.replace("won_amount}", "joy}").replace("modes.watch", "modes.wach")
        (folder / "practices" / "calls.yaml").write_text(text, encoding="utf-8")

        with pytest.raises(FileWrong) as wrong:
            read(folder)

        assert len(wrong.value.mistakes) == 2

    def test_two_practices_of_a_mode_that_set_the_same_are_refused(self, folder):
        twin = PRACTICE.replace("code: calls", "code: twins")
        (folder / "practices" / "twins.yaml").write_text(twin, encoding="utf-8")
        (folder / "modes" / "simple.yaml").write_text(MODE.replace("[calls]", "[calls, twins]"), encoding="utf-8")

        with pytest.raises(FileWrong, match=r"practices.1: twins sets what calls sets too: modes.watch"):
            read(folder)
