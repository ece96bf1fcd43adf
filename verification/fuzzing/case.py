"""A fuzzed input: Python text, so that what fails can be pasted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, kw_only=True)
class Case:
    """Statements, then one call; only the call is judged."""

    function: str
    setup: tuple[str, ...] = ()
    positional: tuple[str, ...] = ()
    keywords: dict[str, str] = field(default_factory=dict)

    @property
    def call(self) -> str:
        """The call as text."""
        named = [
            f"{name}={value}" if name.isidentifier() else f"**{{{name!r}: {value}}}"
            for name, value in self.keywords.items()
        ]
        return f"{self.function}({', '.join([*self.positional, *named])})"

    @property
    def text(self) -> str:
        """All of it as text."""
        return "; ".join([*self.setup, self.call])

    def smaller(self) -> list[Case]:
        """The same case without one of its statements or keywords, or one of its positional arguments."""
        fewer = [replace(self, setup=self.setup[:i] + self.setup[i + 1 :]) for i in range(len(self.setup))]
        fewer += [
            replace(self, keywords={name: value for name, value in self.keywords.items() if name != left_out})
            for left_out in self.keywords
        ]
        return fewer + [
            replace(self, positional=self.positional[:i] + self.positional[i + 1 :])
            for i in range(len(self.positional))
        ]
