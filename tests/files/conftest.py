"""Notes and boxes, and systems that can and cannot exchange them."""

from __future__ import annotations

import pytest

from spsim._files import _rename


@pytest.fixture(params=["note.txt", "box"])
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["exchange", "no exchange"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without the renames that not all systems have."""
    if request.param == "no exchange":
        monkeypatch.setattr(_rename, "_renameat2", lambda: None)
