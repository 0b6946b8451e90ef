"""Build hook: a wheel brings the pages' third-party files, so that installing it needs no network and no Node."""

import importlib.util
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


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
            self.data_files = self._get_data_files()
        super().run()


setup(cmdclass={"build_py": WithAssets})
