"""Everything that changes processes, leads and deals."""

from salesmode.selling.operations.decide_deal import lose_deal, win_deal
from salesmode.selling.operations.define_process import StageDraft, define_process
from salesmode.selling.operations.move_deal import move_deal
from salesmode.selling.operations.open_deal import open_deal

__all__ = ["StageDraft", "define_process", "lose_deal", "move_deal", "open_deal", "win_deal"]
