"""The migrations of what changed in the nouns: `make migrations` writes them, `make check` asks for them."""

from django.core.management import call_command

from salesmode.config.terminal import product

if __name__ == "__main__":
    with product("running"):
        call_command("makemigrations")
