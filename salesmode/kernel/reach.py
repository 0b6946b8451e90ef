"""Which account runs the embedded database, and the one door each folder above it must open for that account."""

import errno
import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

SYSTEM_ACCOUNT = "salesmode-db"
ACCESS_LIST = "system.posix_acl_access"
USER_OBJ, USER, GROUP_OBJ, GROUP, MASK, OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
NOBODY_IN_PARTICULAR = 0xFFFFFFFF
SEARCH = 1


class Unavailable(Exception):
    """The database cannot be used; the message says why and what to do."""


class Account(NamedTuple):
    """The account that the server runs as."""

    uid: int
    gid: int
    name: str

    def as_process(self) -> dict[str, Any]:
        """Return the arguments that start a process as this account (none are needed for ourselves)."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(data_dir: Path) -> Account:
    """Return who runs the server: ourselves, or for root the folder's owner or a system account of its own."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), str(os.geteuid()))
    for folder in (data_dir / "postgres", data_dir):
        if folder.exists() and (owner := folder.stat().st_uid) != 0:
            return _named(pwd.getpwuid(owner))
    return _named(_system_account())


def let_reach(folder: Path, account: Account) -> None:
    """Let the account pass through every folder on the way; it may not list or read what else lies there."""
    for place in [*reversed(folder.resolve().parents), folder.resolve()]:
        if not _may_pass(place, account):
            _allow_passing(place, account)


def open_up(folder: Path) -> None:
    """Make installed programs readable for all, where the installer's umask was narrow."""
    if not folder.is_dir() or folder.stat().st_mode & stat.S_IXOTH:
        return
    for place in [folder, *folder.rglob("*")]:
        mode = place.lstat().st_mode
        if not stat.S_ISLNK(mode):
            place.chmod(stat.S_IMODE(mode) | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _named(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _system_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT],
            capture_output=True,
            check=False,
        )
    try:
        return pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        raise Unavailable(
            "PostgreSQL does not run as root and no account could be made for it: "
            "run Salesmode as an ordinary user, or set SALESMODE_DATABASE_URL."
        ) from None


def _may_pass(place: Path, account: Account) -> bool:
    found = place.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    entries = _entries(place, found.st_mode)
    mask = next((permission for tag, permission, _ in entries if tag == MASK), 7)  # A later chmod narrows this one.
    for tag, permission, who in entries:
        if tag == USER and who == account.uid:
            return bool(permission & mask & SEARCH)
    return bool(found.st_mode & (stat.S_IXGRP if found.st_gid == account.gid else stat.S_IXOTH))


def _allow_passing(place: Path, account: Account) -> None:
    entries = [entry for entry in _entries(place, place.stat().st_mode) if entry[::2] != (USER, account.uid)]
    entries.append((USER, SEARCH, account.uid))
    mask = SEARCH
    for tag, permission, _ in entries:
        if tag in (USER, GROUP_OBJ, GROUP):
            mask |= permission
    entries = [entry for entry in entries if entry[0] != MASK] + [(MASK, mask, NOBODY_IN_PARTICULAR)]
    packed = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in sorted(entries, key=_order))
    try:
        os.setxattr(place, ACCESS_LIST, packed)
    except OSError as error:
        raise Unavailable(
            f"The database runs as {account.name}, which cannot pass through {place}: "
            "choose a data folder elsewhere with --data, or install below a folder that others may pass through."
        ) from error


def _entries(place: Path, mode: int) -> list[tuple[int, int, int]]:
    try:
        packed = os.getxattr(place, ACCESS_LIST)
    except OSError as error:
        if error.errno not in (errno.ENODATA, errno.ENOTSUP):
            raise
        return [
            (USER_OBJ, mode >> 6 & 7, NOBODY_IN_PARTICULAR),
            (GROUP_OBJ, mode >> 3 & 7, NOBODY_IN_PARTICULAR),
            (OTHER, mode & 7, NOBODY_IN_PARTICULAR),
        ]
    return [struct.unpack_from("<HHI", packed, start) for start in range(4, len(packed), 8)]


def _order(entry: tuple[int, int, int]) -> tuple[int, int]:
    return entry[0], entry[2]
