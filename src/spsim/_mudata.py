"""The one thing that mudata 0.3 and 0.4 do differently."""

from __future__ import annotations

from contextlib import AbstractContextManager


def without_pulling() -> AbstractContextManager[object]:
    """Return a context in which mudata copies no columns from modalities to the top, as 0.4 does by default.

    Never set globally: the option belongs to the user.
    """
    import mudata

    if hasattr(mudata, "settings"):
        return mudata.settings.override(pull_on_update=False)
    return mudata.set_options(pull_on_update=False)
