"""Every public name's signature: a default, a keyword or a name that changes is a change for users, never an accident.

After a deliberate change, named in CHANGELOG.md, write them anew and read the difference::

    python tests/test_signatures.py
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import spsim as sps

PINNED = Path(__file__).with_name("signatures.txt")
# The namespaces of the public surface; the functions and classes of the top level have signatures of their own.
NAMESPACES = tuple(name for name in sps.__all__ if inspect.ismodule(getattr(sps, name)))


def signatures() -> list[str]:
    """One line per public callable and method, in alphabetical order."""
    lines = [line for name in sps.__all__ for line in described(f"sps.{name}", getattr(sps, name))]
    for namespace in NAMESPACES:
        module = getattr(sps, namespace)
        for name in module.__all__:
            lines += described(f"sps.{namespace}.{name}", getattr(module, name))
    return sorted(set(lines))


def described(name: str, value: Any) -> list[str]:
    """Signature of a function; of a class also those of its public methods."""
    if name.startswith("sps.testing.spsim_"):
        return []  # fixtures: pytest decides what kind of object they are
    if not inspect.isclass(value):
        return [f"{name}({parameters(value)})"] if inspect.isroutine(value) else []
    lines = [f"{name}({parameters(value)})"]
    for method, member in inspect.getmembers_static(value):
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        is_ours = inspect.isfunction(function) and function.__module__.startswith("spsim.")
        if is_ours and not method.startswith("_"):
            lines.append(f"{name}.{method}({parameters(function)})")
    return lines


def parameters(function: Any) -> str:
    """Names, kinds and defaults, without types."""
    signature = inspect.signature(function)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))[1:-1]


def test_signatures_are_the_pinned_ones() -> None:
    assert signatures() == PINNED.read_text(encoding="utf-8").splitlines()


def test_the_pin_sees_defaults_names_kinds_and_fields() -> None:
    def one(a, b=1, *, c="x"): ...

    def other_default(a, b=2, *, c="x"): ...

    def other_kind(a, *, b=1, c="x"): ...

    assert described("f", one) == ["f(a, b=1, *, c='x')"]
    assert len({*described("f", one), *described("f", other_default), *described("f", other_kind)}) == 3
    (modality,) = (line for line in signatures() if line.startswith("sps.Modality("))
    assert "n_mixed=500" in modality and "likelihood=NegativeBinomial(shape=10.0)" in modality
    assert "sps.simulate(scenario, *, rng=0, sparse=False, keep_mean=False)" in signatures()


def test_every_public_namespace_is_pinned() -> None:
    pinned = PINNED.read_text(encoding="utf-8")
    for namespace in NAMESPACES:
        assert f"\nsps.{namespace}." in pinned, namespace


if __name__ == "__main__":
    PINNED.write_text("\n".join(signatures()) + "\n", encoding="utf-8")
