"""What a file is, judged by its content and not by its name alone."""

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

from salesmode.kernel.refusals import Invalid

LONGEST_NAME = 255
MOST_ENTRIES = 5_000
HEAD = 4_096
OFFICE = "application/vnd.openxmlformats-officedocument."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Extension → content type; the content must agree.
TYPES = {
    "pdf": "application/pdf",
    "docx": OFFICE + "wordprocessingml.document",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "pptx": OFFICE + "presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "txt": "text/plain",
    "csv": "text/csv",
}
_PARTS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_MARKUP = re.compile(rb"<\s*(!doctype|html|script|svg|body|iframe|\?xml|head|img|a\s)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """Return the bare name of a file: no folders, no control or direction characters, at most 255 bytes."""
    bare = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()).replace("\\", "/").rsplit("/", 1)[-1]
    bare = "".join(
        letter for letter in bare if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    bare = re.sub(r'[<>:"|?*;]', "_", bare).strip(". ") or _("file")
    path = PurePosixPath(bare)
    room = LONGEST_NAME - len(path.suffix.encode())
    return path.stem.encode()[:room].decode("utf-8", "ignore") + path.suffix if room > 0 else "file"


def content_type_of(name: str, content: BinaryIO) -> str:
    """Return what a file is, when its name and its content agree on a type that may be kept.

    Raises Invalid otherwise.
    """
    extension = PurePosixPath(name).suffix.lower().lstrip(".")
    kept = TYPES.get(extension)
    if kept is None:
        kinds = "PDF, Word, Excel, PowerPoint, PNG, JPEG, GIF, WebP, TXT, CSV"
        raise Invalid({"file": [_("Files of this type are not kept. Use one of: %(kinds)s.") % {"kinds": kinds}]})
    content.seek(0)
    head = content.read(HEAD)
    content.seek(0)
    if not _agrees(extension, head, content):
        raise Invalid({"file": [_("The content of %(name)s is not what its name says.") % {"name": name}]})
    content.seek(0)
    return kept


def _agrees(extension: str, head: bytes, content: BinaryIO) -> bool:
    match extension:
        case "pdf":
            return head.startswith(b"%PDF-")
        case "png":
            return head.startswith(b"\x89PNG\r\n\x1a\n")
        case "jpg" | "jpeg":
            return head.startswith(b"\xff\xd8\xff")
        case "gif":
            return head.startswith((b"GIF87a", b"GIF89a"))
        case "webp":
            return head.startswith(b"RIFF") and head[8:12] == b"WEBP"
        case "doc" | "xls" | "ppt":
            return head.startswith(OLE)
        case "txt" | "csv":
            return _is_text(head)
        case _:
            return head.startswith(b"PK\x03\x04") and _is_office(extension, content)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head.decode("utf-16", "replace")
        return "\x00" not in text and _MARKUP.match(text.lstrip().encode()) is None
    if b"\x00" in head or _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # The head may end within a character.
            head[:-4].decode(encoding) if len(head) == HEAD else head.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start >= len(head) - 8 and len(head) == HEAD:
                return True
            continue
        return True
    return False


def _is_office(extension: str, content: BinaryIO) -> bool:
    """Look at the list of parts only, nothing is unpacked; macros are not kept."""
    try:
        with zipfile.ZipFile(content) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, io.UnsupportedOperation, NotImplementedError):
        return False
    if len(names) > MOST_ENTRIES or "[Content_Types].xml" not in names:
        return False
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return not macros and any(name.startswith(_PARTS[extension]) for name in names)
