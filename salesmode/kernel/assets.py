"""Fetch the pages' third-party files named by package-lock.json, check them, and keep the few that are served.

Run as `python -m salesmode.kernel.assets`; standard library only, for it also runs while a wheel is built. The
icons in static/icons.txt become one picture: <svg><use href="{% static 'vendor/icons.svg' %}#phone"/></svg>.
"""

import base64
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tarfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "salesmode" / "static"
VENDOR = STATIC / "vendor"
LOCK = ROOT / "package-lock.json"
ICON_NAMES = STATIC / "icons.txt"
ICONS_PACKAGE = "@tabler/icons"

# What is kept of each package: file in the package → file in static/vendor.
KEPT = {
    "@alpinejs/csp": {"dist/cdn.min.js": "alpine.min.js"},
    "@tabler/core": {
        "dist/css/tabler.min.css": "tabler.min.css",
        "dist/css/tabler-vendors.min.css": "tabler-vendors.min.css",
        "dist/js/tabler.min.js": "tabler.min.js",
    },
    "echarts": {"dist/echarts.min.js": "echarts.min.js"},
    "element-china-area-data": {"dist/element-china-area-data.iife.js": "areas.js"},
    "htmx-ext-sse": {"dist/sse.min.js": "htmx-sse.min.js"},
    "htmx.org": {"dist/htmx.min.js": "htmx.min.js"},
    "sortablejs": {"Sortable.min.js": "sortable.min.js"},
}


class AssetsMissing(Exception):
    """The third-party files could not be had; the message says why."""


def ensure() -> bool:
    """Have the files in static/vendor, where a wheel brings them; says whether anything had to be fetched."""
    if not LOCK.exists() or ((VENDOR / ".made-of").exists() and (VENDOR / ".made-of").read_text() == _made_of()):
        return False
    fresh = VENDOR.with_name(f"vendor.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        _fill(fresh)
        shutil.rmtree(VENDOR, ignore_errors=True)
        fresh.rename(VENDOR)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return True


def _fill(folder: Path) -> None:
    wanted = (*KEPT, ICONS_PACKAGE)
    with ThreadPoolExecutor(len(wanted)) as pool:
        tarballs = dict(zip(wanted, pool.map(fetch, wanted), strict=True))
    for name, kept in KEPT.items():
        with tarfile.open(fileobj=io.BytesIO(tarballs[name])) as archive:
            for inside, target in kept.items():
                text = _without_source_map(_member(archive, f"package/{inside}"))
                (folder / target).write_bytes(text)
                (folder / f"{target}.gz").write_bytes(gzip.compress(text, 9, mtime=0))
    sprite = "".join(_sprite(tarballs[ICONS_PACKAGE])).encode()
    (folder / "icons.svg").write_bytes(sprite)
    (folder / "icons.svg.gz").write_bytes(gzip.compress(sprite, 9, mtime=0))
    (folder / ".made-of").write_text(_made_of())


def fetch(name: str) -> bytes:
    """Return the tarball of a package that package-lock.json names."""
    return _fetch(name, json.loads(LOCK.read_text())["packages"][f"node_modules/{name}"])


def _fetch(name: str, locked: dict[str, str]) -> bytes:
    """Download one package and refuse it unless its sha512 is the locked one."""
    address = f"{registry()}/{name}/-/{name.rsplit('/')[-1]}-{locked['version']}.tgz"
    for attempt in range(3):
        try:
            with urllib.request.urlopen(address, timeout=120) as answer:  # noqa: S310
                content: bytes = answer.read()
            break
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            if attempt == 2:
                raise AssetsMissing(f"The package {name} could not be fetched: {error}.") from error
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found not in locked["integrity"].split():
        raise AssetsMissing(f"The package {name} is not the one in package-lock.json: its sha512 differs.")
    return content


def registry() -> str:
    """Return the package registry: from the environment, an .npmrc of the project, person or machine, or npm's own."""
    for variable in ("NPM_CONFIG_REGISTRY", "npm_config_registry"):
        if os.environ.get(variable):
            return os.environ[variable].rstrip("/")
    own = os.environ.get("NPM_CONFIG_USERCONFIG", "~/.npmrc")
    for file in (ROOT / ".npmrc", Path(own).expanduser(), Path("/etc/npmrc"), Path("/usr/local/etc/npmrc")):
        found = re.search(r"^\s*registry\s*=\s*(\S+)", file.read_text(), re.M) if file.is_file() else None
        if found:
            return found[1].rstrip("/")
    return "https://registry.{}.org".format("npmjs")


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    try:
        file = archive.extractfile(name)
    except KeyError:
        file = None
    if file is None:
        raise AssetsMissing(f"{name.removeprefix('package/')} is missing from its package.")
    return file.read()


def _sprite(tarball: bytes) -> Iterator[str]:
    yield '<svg xmlns="http://www.w3.org/2000/svg">\n'
    with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
        pictures = {member.name: member for member in archive.getmembers()}
        for name in icon_names():
            filled = name.endswith("-filled")
            path = f"package/icons/{'filled' if filled else 'outline'}/{name.removesuffix('-filled')}.svg"
            if path not in pictures:
                raise AssetsMissing(f"There is no icon named {name} (static/icons.txt).")
            drawing = re.search(r"<svg[^>]*>(.*)</svg>", _member(archive, path).decode(), re.S) or ("", "")
            shapes = re.sub(
                r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>', "", drawing[1] if drawing else ""
            )
            style = (
                'fill="currentColor"'
                if filled
                else 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
            )
            shapes = re.sub(r"\s*\n\s*", "", shapes)
            yield f'<symbol id="{name}" viewBox="0 0 24 24" {style}>{shapes}</symbol>\n'
    yield "</svg>\n"


def icon_names() -> list[str]:
    """Return the icons that the pages use."""
    lines = (line.split("#")[0].strip() for line in ICON_NAMES.read_text().splitlines())
    return sorted({line for line in lines if line})


def _without_source_map(content: bytes) -> bytes:
    return re.sub(rb"\n?(//|/\*)# sourceMappingURL=.*?(\*/)?\s*$", b"\n", content)


def _made_of() -> str:
    parts = (LOCK.read_bytes(), ICON_NAMES.read_bytes(), Path(__file__).read_bytes())
    return hashlib.sha256(b"".join(parts)).hexdigest()


if __name__ == "__main__":
    try:
        fetched = ensure()
    except AssetsMissing as missing:
        sys.exit(f"Error: {missing}")
    print("Fetched the pages' files into static/vendor." if fetched else "static/vendor is current.")  # noqa: T201
