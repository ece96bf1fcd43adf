"""Whole files and folders or none, and only in place of what spsim wrote."""

from __future__ import annotations

from spsim._files._entries import entries
from spsim._files._target import Kind, Target, aim
from spsim._files._unfinished import sweep
from spsim._files._write import write_atomically

__all__ = ["Kind", "Target", "aim", "entries", "sweep", "write_atomically"]
