"""What stands between a command and its caller: exit codes, plain messages, never a traceback.

0 done; 1 done but with findings (raised by the commands themselves); 2 wrong use or refused input; 3 the engine or the
workspace is not available, or the program failed. Ctrl-C is 130 and a reader that went away 141, as shells have it.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from lastseen.graph.errors import LastseenError, ManyPeople

FINDINGS, UNAVAILABLE, INTERRUPTED, READER_GONE = 1, 3, 130, 141
NOT_CHANGED = "Nothing was changed."


class Stopped(Exception):
    """Ctrl-C inside a command that knows what stands now; the message says so."""


class GuardedGroup(TyperGroup):
    """The `lastseen` group: turns whatever a command raises into a message on stderr and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            value = super().invoke(ctx)
            sys.stdout.flush()
            return value
        except (KeyboardInterrupt, typer.Abort, Stopped) as stop:  # Abort: Ctrl-C where a question was asked
            say(f"Stopped. {stop if isinstance(stop, Stopped) else NOT_CHANGED}")
            leave(INTERRUPTED)
        except BrokenPipeError:
            abandon_stdout()
            leave(READER_GONE)
        except LastseenError as error:
            tell(error)
            leave(error.exit_code)
        except OSError as error:
            if error.errno == errno.EPIPE:
                abandon_stdout()
                leave(READER_GONE)
            tell_system(error)
            leave(UNAVAILABLE)
        except Exception as error:
            if isinstance(error, typer.Exit) or hasattr(error, "show"):  # the library's own: help, wrong use
                raise
            tell_unexpected(error)
            leave(UNAVAILABLE)


def leave(code: int) -> NoReturn:
    raise typer.Exit(code) from None


def say(message: str) -> None:
    """One message on stderr; a reader of stderr that went away is no reason to fail."""
    with suppress(OSError):
        print(message, file=sys.stderr, flush=True)


def tell(error: LastseenError) -> None:
    """What failed, how to mend it, and for a name that fits several people the choices."""
    say(f"Error: {error.what}")
    if isinstance(error, ManyPeople):
        for record, label in error.choices:
            say(f"  {printable(record)}  {printable(label)}")
    if error.mend:
        say(error.mend)
    if debugging():
        traceback.print_exc()


def tell_system(error: OSError) -> None:
    """The operating system refused: name the file, say what it said."""
    where = f" ({error.filename})" if error.filename else ""
    say(f"Error: {error.strerror or type(error).__name__}{where}.")
    if error.errno == errno.ENOSPC:
        say("The disk is full. Free some space and run the command again; an unfinished load leaves nothing behind.")
    else:
        say("Check that the file or folder is there and that you may read and write it, then run the command again.")
    if debugging():
        traceback.print_exc()


def tell_unexpected(error: Exception) -> None:
    """A fault of ours: say what to do, and where the log is."""
    say(f"Error: Lastseen failed in a way that nobody foresaw ({type(error).__name__}).")
    if debugging():
        traceback.print_exc()
        return
    log = write_log(error)
    if log:
        say(f"Where it failed is written to {log} (no names or birth dates). Send that file to whoever looks after Lastseen.")
    say("Loads are all or nothing, so running the command again is safe. With LASTSEEN_DEBUG=1 the whole error is shown here.")


def write_log(error: BaseException) -> Path | None:
    """Append the places in the code that led here, without the messages: those may hold a cell of a child's row."""
    lines = [f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z} lastseen {sys.argv[1] if len(sys.argv) > 1 else ''}"]
    link: BaseException | None = error
    while link is not None:
        lines += [f"  {f.filename}:{f.lineno} in {f.name}" for f in traceback.extract_tb(link.__traceback__)]
        lines.append(f"  {type(link).__module__}.{type(link).__name__}")
        link = link.__cause__ or link.__context__
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "lastseen"
    for folder in (state, Path(tempfile.gettempdir()) / f"lastseen-{os.getuid() if hasattr(os, 'getuid') else 'log'}"):
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = folder / "errors.log"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as log:
                log.write("\n".join(lines) + "\n")
            return path
    return None


def debugging() -> bool:
    return os.environ.get("LASTSEEN_DEBUG", "") not in ("", "0")


def abandon_stdout() -> None:
    """Point stdout at nothing, so that Python's own flush at exit stays quiet."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def printable(text: str) -> str:
    """Text with control characters shown as �: a hostile cell must not steer the terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
