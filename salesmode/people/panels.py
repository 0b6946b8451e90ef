"""What people adds to the rail and the palette."""

from django.utils.translation import gettext_lazy as _

from salesmode.kernel.panels import Command, MenuEntry, add_command, add_menu

SETTINGS = _("Settings")

add_menu(MenuEntry(SETTINGS, _("My settings"), "people:profile", "user-circle", order=1))
add_menu(MenuEntry(SETTINGS, _("Security"), "people:security", "shield-lock", order=2))
add_menu(MenuEntry(SETTINGS, _("Keys for programs"), "people:tokens", "key", order=3))
add_menu(MenuEntry(SETTINGS, _("People"), "people:people", "users", order=11))
add_menu(MenuEntry(SETTINGS, _("Teams"), "people:teams", "sitemap", order=12))
add_menu(MenuEntry(SETTINGS, _("Permissions"), "people:permissions", "lock", order=13))
add_command(
    Command(_("Invite a colleague"), "people:invite_person", "user-plus", "invite colleague person yaoqing 邀请")
)
