"""The one thing that mudata 0.3 and 0.4 do differently."""

from __future__ import annotations

from contextlib import AbstractContextManager


def without_pulling() -> AbstractContextManager[object]:
    """Return a context in which mudata copies no columns from modalities to the top, as 0.4 does by default.

    Never set globally: the option belongs to the user.
    """
    import mudata

    settings = getattr(mudata, "settings", None)
    override = settings.override if hasattr(settings, "override") else mudata.set_options
    return override(pull_on_update=False)  # type: ignore[no-any-return]
