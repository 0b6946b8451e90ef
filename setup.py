"""Build hook: a wheel brings the pages' third-party files, so that installing it needs no network and no Node."""

import importlib.util
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py


def _compile_translations() -> None:
    for catalogue in Path(__file__).parent.glob("salesmode/locale/*/LC_MESSAGES/django.po"):
        with catalogue.open("rb") as written, catalogue.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(written))


class WithAssets(build_py):
    """Fetch the files before the package is collected."""

    def run(self) -> None:
        """Fetch, then build as usual; a development install fetches when it first serves."""
        if not self.editable_mode:
            path = Path(__file__).with_name("salesmode") / "kernel" / "assets.py"
            spec = importlib.util.spec_from_file_location("assets", path)
            assets = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(assets)
            assets.ensure()
            _compile_translations()
            self.data_files = self._get_data_files()
        super().run()


setup(cmdclass={"build_py": WithAssets})
