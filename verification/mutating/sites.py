"""All mutants of a source tree, in a fixed order."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from verification.mutating.operators import changes
from verification.mutating.skipped import DRAWN, KEYWORDS, MESSAGES, PERFORMANCE, PRINTED


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One changed place."""

    path: str
    """Relative to the package."""
    line: int
    operator: str
    start: int
    end: int
    """Offsets in the encoded file."""
    new: str

    @property
    def node(self) -> tuple[str, int, int]:
        """What is changed."""
        return self.path, self.start, self.end

    @property
    def key(self) -> str:
        """A name that holds for one state of the file."""
        text = f"{self.path}:{self.start}:{self.end}:{self.new}"
        return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()

    def applied(self, source: bytes) -> bytes:
        """The file with the change."""
        return source[: self.start] + self.new.encode() + source[self.end :]

    def parses(self, source: bytes) -> bool:
        """Whether the changed file is Python at all."""
        try:
            ast.parse(self.applied(source))
        except SyntaxError:
            return False
        return True

    def difference(self, source: bytes) -> tuple[str, str]:
        """The changed lines before and after, without indentation."""
        end = source.find(b"\n", self.end)
        begin = source.rfind(b"\n", 0, self.start) + 1
        end = len(source) if end < 0 else end
        before = source[begin:end]
        after = source[begin : self.start] + self.new.encode() + source[self.end : end]
        return _one_line(before), _one_line(after)


def sites(package: Path, only: str = "") -> Iterator[Mutant]:
    """Yield every mutant of the package, or of one room or file of it."""
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if name.startswith(only):
            yield from _of_file(name, path.read_bytes())


def _of_file(path: str, source: bytes) -> Iterator[Mutant]:
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    for node in _open_nodes(ast.parse(source), path.rpartition("/")[2]):
        if (line := getattr(node, "lineno", None)) is None:
            continue
        start = offsets[line - 1] + node.col_offset  # type: ignore[attr-defined]
        end = offsets[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        for operator, new in changes(node):
            if new.encode() != source[start:end] and not _is_look(path, operator):
                yield Mutant(path=path, line=line, operator=operator, start=start, end=end, new=new)


def _open_nodes(node: ast.AST, name: str) -> Iterator[ast.AST]:
    """Every node that may be changed; conditions are marked."""
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        node.test.is_condition = True  # type: ignore[attr-defined]
    if isinstance(node, ast.comprehension):
        for test in node.ifs:
            test.is_condition = True  # type: ignore[attr-defined]
    if isinstance(node, ast.arguments):
        for default in filter(None, (*node.defaults, *node.kw_defaults)):
            default.is_default = True  # type: ignore[attr-defined]
    yield node
    for child in _children(node, name):
        yield from _open_nodes(child, name)


def _children(node: ast.AST, name: str) -> Iterator[ast.AST]:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr | ast.Raise | ast.Global):
        return
    if isinstance(node, ast.FunctionDef) and node.name in PRINTED:
        return
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        yield from node.orelse
        return
    if isinstance(node, ast.Assign) and (_names(node) & {*MESSAGES, "__all__"} or _is_performance(node, name)):
        return
    closed = _closed(node)
    for child in ast.iter_child_nodes(node):
        is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        is_look = isinstance(child, ast.keyword) and child.arg in KEYWORDS
        if not (any(child is other for other in closed) or is_text or is_look):
            yield child


def _closed(node: ast.AST) -> list[ast.AST | None]:
    """Type hints and decorators."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return [node.returns, *node.decorator_list]
    if isinstance(node, ast.arg | ast.AnnAssign):
        return [node.annotation]
    return list(node.decorator_list) if isinstance(node, ast.ClassDef) else []


def _is_look(path: str, operator: str) -> bool:
    return operator == "constant" and path.startswith(DRAWN)


def _names(node: ast.Assign) -> set[str]:
    return {part.id for target in node.targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def _is_performance(node: ast.Assign, name: str) -> bool:
    return any((name, each) in PERFORMANCE for each in _names(node))


def _one_line(text: bytes) -> str:
    return " ".join(text.decode().split())
