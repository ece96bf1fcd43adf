"""Told to stop, a command ends like after an error; whoever handled the signal before handles it afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from spsim._cli._plain import stoppable


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Those of a shell in the foreground; under nohup or in the background some signals are ignored."""
    fresh = {signal.SIGTERM: signal.SIG_DFL, signal.SIGHUP: signal.SIG_DFL, signal.SIGINT: signal.default_int_handler}
    before = {number: signal.signal(number, handler) for number, handler in fresh.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_like_an_error(number: signal.Signals) -> None:
    with pytest.raises(SystemExit) as caught, stoppable():
        os.kill(os.getpid(), number)
    assert caught.value.code == 128 + number and signal.getsignal(number) is signal.SIG_DFL


def test_handlers_of_others_stay() -> None:
    """Those that nohup sets, too."""
    for handler in (signal.SIG_IGN, lambda *_: None):
        before = signal.signal(signal.SIGHUP, handler)
        try:
            with stoppable():
                assert signal.getsignal(signal.SIGHUP) is handler
            assert signal.getsignal(signal.SIGHUP) is handler
        finally:
            signal.signal(signal.SIGHUP, before)


def test_no_handler_outside_the_main_thread() -> None:
    seen = []

    def inside() -> None:
        with stoppable():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_DFL]


SLOW = """
import sys, time
from pathlib import Path
from spsim._cli import _simulate, main
def writer(output):
    def write(mdata, path):
        Path(path).write_text("half")
        print("writing", flush=True)
        time.sleep(600)
    return write
_simulate.writer_of = writer
main(["simulate", "quilt", "--n-side", "4", "-o", sys.argv[1]])
"""


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, 1)])
def test_a_command_that_is_stopped_leaves_nothing(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, tmp_path / "d.h5mu"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "writing\n"
        time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(timeout=60) == code
    assert not list(tmp_path.iterdir())
