"""What imports add to the menu and the palette."""

from django.utils.translation import gettext_lazy as _

from salesmode.kernel.panels import Command, MenuEntry, add_command, add_menu

add_menu(MenuEntry(_("Settings"), _("Import"), "exchange:imports", "database-import", order=530))
add_command(Command(_("Import a file"), "exchange:start_import", "database-import", "import csv excel xlsx 导入"))
