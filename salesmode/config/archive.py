"""The file that a backup is: a zip with a manifest, whose comment is the digest of everything before it."""

import hashlib
import json
import os
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
PIECE = 1024 * 1024
COMMENT = 64
END_RECORD = 22


class Damaged(Exception):
    """The file is not a whole backup of ours; the message says what is wrong with it."""


class Writer:
    """Writes the parts one after the other, remembering size and digest of each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.members: dict[str, dict[str, Any]] = {}
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True)

    def add(self, name: str, source: IO[bytes]) -> None:
        """Add one part from an open file."""
        digest, size = hashlib.sha256(), 0
        # Database dumps come compressed and uploads mostly are: storing is as small and much quicker.
        with self._zip.open(name, "w", force_zip64=True) as target:
            while piece := source.read(PIECE):
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self.members[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, seal the file and bring it to the disk."""
        document = {**manifest, "format": FORMAT, "members": self.members}
        self._zip.writestr(MANIFEST, json.dumps(document, ensure_ascii=False, indent=1))
        self._zip.comment = b"0" * COMMENT
        self._zip.close()
        with self.path.open("r+b") as file:
            body = os.fstat(file.fileno()).st_size - COMMENT
            digest = _digest(file, body)
            file.seek(body)
            file.write(digest.encode())
            file.flush()
            os.fsync(file.fileno())


def read_manifest(path: Path) -> dict[str, Any]:
    """Check the whole file and return its manifest; raises Damaged, and touches nothing else."""
    try:
        with path.open("rb") as file:
            _refuse_broken_seal(file)
        with zipfile.ZipFile(path) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            if manifest.get("product") != "salesmode":
                raise Damaged(f"{path} is not a backup of Salesmode.")
            if manifest.get("format") != FORMAT:
                raise Damaged(f"{path} was written in format {manifest.get('format')}; this version reads {FORMAT}.")
            _refuse_wrong_parts(archive, manifest)
    except FileNotFoundError:
        raise Damaged(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise Damaged(f"{path} is a folder, not a backup.") from None
    except (zipfile.BadZipFile, KeyError, ValueError, struct.error, EOFError) as error:
        raise Damaged(f"{path} is damaged: {error}.") from error
    return manifest


def parts(path: Path, prefix: str) -> Iterator[tuple[PurePosixPath, IO[bytes]]]:
    """Yield the parts whose name begins with a prefix, each with its name below it."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith(prefix):
                with archive.open(name) as part:
                    yield PurePosixPath(name.removeprefix(prefix)), part


def _refuse_broken_seal(file: IO[bytes]) -> None:
    size = os.fstat(file.fileno()).st_size
    if size < COMMENT + END_RECORD:
        raise Damaged(f"{file.name} is empty or cut short.")
    body = size - COMMENT
    found = _digest(file, body)
    file.seek(body)
    if file.read(COMMENT) != found.encode():
        raise Damaged(f"{file.name} is damaged or cut short: its digest differs.")


def _refuse_wrong_parts(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    names = [name for name in archive.namelist() if name != MANIFEST]
    if sorted(names) != sorted(manifest["members"]) or DUMP not in names:
        raise Damaged(f"{archive.filename} does not hold the parts that its manifest names.")
    for name in names:
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or "\\" in name:
            raise Damaged(f"{archive.filename} names a part outside its folder.")
        digest = hashlib.sha256()
        with archive.open(name) as part:
            while piece := part.read(PIECE):
                digest.update(piece)
        if digest.hexdigest() != manifest["members"][name]["sha256"]:
            raise Damaged(f"{archive.filename} is damaged: the digest of {name} differs.")


def _digest(file: IO[bytes], size: int) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    left = size
    while left and (piece := file.read(min(PIECE, left))):
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest()
