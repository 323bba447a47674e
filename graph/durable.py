"""Writing so that a kill leaves the old or the new, never half; private files; and locks that die with their process."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from lastseen.graph.errors import NotAvailable, Refused


@contextmanager
def private() -> Iterator[None]:
    """Inside, new directories are 0700 and new files 0600, whoever makes them."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def sync_directory(directory: Path) -> None:
    """Make renames inside `directory` outlive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(directory: Path) -> None:
    """Make everything below `directory` outlive a power cut."""
    for folder, _, names in os.walk(directory):
        for name in names:
            with open(Path(folder) / name, "rb") as file:
                os.fsync(file.fileno())
        sync_directory(Path(folder))


def write_atomically(path: Path, text: str) -> None:
    """Replace `path` by `text` at once: a reader finds the old text or the new."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with private(), open(beside, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    sync_directory(path.parent)


def write_private(path: Path, text: str, replace: bool = False) -> None:
    """Write a file for its owner alone, whole or not at all. Raises Refused where it can't be written, and without `replace`
    where one is there already."""
    try:
        if replace:
            write_atomically(path, text)
            return
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        sync_directory(path.parent)
    except FileExistsError as error:
        raise Refused(f"{path} is there already.", "Give another --out, or --replace to write over it.") from error
    except OSError as error:
        raise Refused(
            f"{path} can't be written: {error.strerror}.", "Give a file in a folder that you may write to."
        ) from error


def remove_tree(directory: Path) -> None:
    """Delete a directory; one that is gone already is no error."""
    with suppress(FileNotFoundError):
        shutil.rmtree(directory)


def hold_exclusively(path: Path, what: str) -> IO[str]:
    """Take the one-holder lock at `path`; closing the file, or the death of the process, gives it back.

    Raises NotAvailable, naming who holds it and since when.
    """
    with private():
        file = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - the open file is the lock
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = _holder(file.read())
        file.close()
        raise NotAvailable(f"{what} is being written by {holder}.", "Wait until that has finished, then try again.") from error
    file.truncate(0)
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    file.write(json.dumps({"pid": os.getpid(), "user": _user(), "since": since}))
    file.flush()
    return file


def hold_shared(path: Path) -> IO[bytes]:
    """Say "in use" on an existing file until the returned file is closed; many may hold it."""
    file = open(path, "rb")  # noqa: SIM115 - the open file is the lock
    fcntl.flock(file, fcntl.LOCK_SH)
    return file


def is_held(path: Path) -> bool:
    """Whether anyone holds `path` (shared or not) just now."""
    try:
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"user {os.getuid()}"


def _holder(text: str) -> str:
    try:
        said = json.loads(text)
        return f"process {said['pid']} of {said['user']} since {said['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process"
