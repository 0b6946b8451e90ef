"""What forecasts add to the menu, the palette and the pages below."""

from django.utils.translation import gettext_lazy as _

from salesmode.kernel.panels import Command, MenuEntry, add_command, add_menu

add_menu(MenuEntry(_("Pipeline"), _("Changes"), "forecasts:changes", "chart-histogram", order=26))
add_command(Command(_("Pipeline changes"), "forecasts:changes", "chart-histogram", "管道变化 瀑布 waterfall bianhua"))
add_command(Command(_("Pipeline of a past day"), "forecasts:pipeline_then", "history", "历史管道 as of snapshot lishi"))
