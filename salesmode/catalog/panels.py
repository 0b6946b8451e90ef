"""What the catalogue adds to the menu and the palette."""

from django.utils.translation import gettext_lazy as _

from salesmode.kernel.panels import Command, MenuEntry, add_command, add_menu

add_menu(MenuEntry(_("Pipeline"), _("Products"), "catalog:products", "package", order=80))
add_command(Command(_("Products"), "catalog:products", "package", "产品 chanpin 价格 price list"))
