"""The one definition of a usable name: of modalities, factors, features, labels and blocks.

Names become files and folders (zarr, the folder for R), keys of HDF5, columns of tables, parts of other names and of
addresses. What one of these readers or file systems cannot hold, or takes for something else, is refused for all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from spsim import _validate

# File systems hold 255 bytes (encrypted ones 143), and names are parts of longer ones: f"{name}_factor_recovery".
MOST_BYTES = 100
MOST_CHARACTERS = 1000  # of a text that is no name
# Separators of folders and addresses, and what Windows refuses in a file's name.
FORBIDDEN = '/\\:"<>|?*'
# Devices on Windows, with any ending.
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"
}
# What R and pandas read as a missing value, and the file that describes a folder of a zarr store.
_TAKEN = {"na", "nan", "none", "null", "n.a.", "zarr.json"}
# Control characters, invisible format characters, halves of surrogate pairs, ends of lines and paragraphs.
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def usable_name(what: str, value: object, *, reserved: tuple[str, ...] = (), forbidden: str = "") -> str:
    """Return a name that every file and table can hold; ``reserved`` ones mean something else here."""
    name = str(_validate.text(what, value))
    reason = _fault(name, forbidden + FORBIDDEN) or _taken(name, reserved)
    if reason:
        msg = f"{what} must {reason}, got {_validate.shown(name)}"
        raise ValueError(msg)
    return name


def usable_text(what: str, value: object) -> str:
    """Return a text that every file can hold: not empty and without invisible characters."""
    if not isinstance(value, str) or not value:
        msg = f"{what} must be a text that is not empty, got {_validate.shown(value)}"
        raise TypeError(msg)
    if len(value) > MOST_CHARACTERS or _invisible(value):
        msg = (
            f"{what} must be a text without control characters and of at most {MOST_CHARACTERS} characters, got "
            f"{_validate.shown(value)}"
        )
        raise ValueError(msg)
    return str(value)


def distinct_names(what: str, names: Sequence[str]) -> None:
    """Refuse names that occur twice, or that a file system takes for one (case, composed letters)."""
    _validate.unique(what, names)
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(folded(name), name)
        if other != name:
            msg = f"{what} must differ in more than case or the form of letters, got {other!r} and {name!r}"
            raise ValueError(msg)


def folded(name: str) -> str:
    """Return what a name is to a file system that knows neither case nor composed letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _fault(name: str, forbidden: str) -> str | None:
    """What is wrong with the characters of a name, in the words of an error."""
    if not name:
        return "not be empty"
    if _invisible(name):
        return "hold no control characters, invisible ones or half surrogates"
    if len(name.encode()) > MOST_BYTES:
        return f"be at most {MOST_BYTES} bytes long"
    if any(character in name for character in forbidden):
        return f"be a text without {' or '.join(map(repr, forbidden))}"
    # Not a blank, a dot (hidden, or the folder itself), "_" (HDF5 and zarr) or the start of a formula in a CSV.
    if not name[0].isalnum():
        return "begin with a letter or a digit"
    if name[-1].isspace() or name[-1] == ".":
        return "not end in a blank or a dot"
    return None


def _taken(name: str, reserved: tuple[str, ...]) -> str | None:
    own = folded(name)
    if own in _TAKEN or own.partition(".")[0].rstrip() in _DEVICES:
        return "be no name that systems keep for themselves (NA, NUL, CON, …)"
    return f"be none of {_validate.listing(reserved)}" if own in _all_folded(reserved) else None


@cache
def _all_folded(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(folded, names))


def _invisible(text: str) -> bool:
    return not text.isprintable() and any(unicodedata.category(character) in _INVISIBLE for character in text)
