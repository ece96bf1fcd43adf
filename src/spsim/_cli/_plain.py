"""Errors of input as one line, and an orderly end when told to stop."""

from __future__ import annotations

import functools
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

import click

# Ctrl-C raises KeyboardInterrupt as it is; Windows has no hang-up.
_STOPPING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def plain(command: Callable[..., None]) -> Callable[..., None]:
    """Show errors of input as one line, not as a traceback, and clean up when the process is told to stop."""

    @functools.wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            with stoppable():
                command(*args, **kwargs)
        except (KeyError, MemoryError, OSError, RuntimeError, TypeError, ValueError) as error:
            raise click.ClickException(reason(error)) from error

    return guarded


@contextmanager
def stoppable() -> Iterator[None]:
    """Let a signal that ends the process end it like an error, so that nothing unfinished is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # Signals that someone handles or ignores (nohup) are theirs.
    taken = [number for number in _STOPPING if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def reason(error: Exception) -> str:
    """Return what an error says, in one line."""
    text = str(error.args[0] if isinstance(error, KeyError) and error.args else error)
    return "; ".join(line.strip() for line in text.splitlines() if line.strip()) or type(error).__name__


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)  # as shells report it
