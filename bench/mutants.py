# /// script
# requires-python = ">=3.11"
# dependencies = ["cosmic-ray==8.7.0"]
# ///
"""Put small faults into a room of the library, and count those that the tests find.

``make mutants ROOM=quantity`` draws 60 places of ``tradelib/quantity.py`` (of all modules of a
folder, ``ROOM=wording``, or of several, ``ROOM="card charts"``) with a fixed seed, mutates one at a
time in a copy of the repository, runs the room's own fast tests there, then the other ones, and
prints each mutant that none of them finds: file and line, and the difference. Cosmic Ray makes the
mutants; only this script needs it, so uv fetches it when it is asked for, and it is no dependency
of the project.

A place is drawn first and then one of its mutants, since ``+`` has eleven and ``not`` one. Left out
is what changes nothing (annotations) and what any test would find (an assignment that is missing, a
shift of bits for a sum). Which survivors are equivalent is for a reader to say.
"""

import argparse
import ast
import difflib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider
from parso.python.tree import Keyword

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = ("NoOp", "RemoveDecorator", "VariableReplacer", "VariableInserter")
"""`@cache` and its like change no result; the others make what no one would type."""
TYPES = ("annotation", "returns")
PAIRED = ("ReplaceBinary", "ReplaceComparison")
APART = ("BitAnd", "BitOr", "BitXor", "LShift", "RShift", "Is", "IsNot")
PATIENCE = 4
"""Times the seconds of the tests unharmed, and half a minute: longer is an endless loop."""
PYTHON = ROOT / ".venv" / "bin" / "python"


class RemoveStatement(Operator):
    """Put ``pass`` in the place of a statement of a function."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        """Give its place; a name that is never assigned would be found by any test."""
        if node.type == "simple_stmt" and node.search_ancestor("funcdef"):
            first = node.children[0]
            plain = first.type == "expr_stmt" and first.children[1] == "="
            if not plain and first.type not in ("string", "import_from", "import_name"):
                yield first.start_pos, first.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        """Keep the indentation, which is what stands before the first word."""
        first = node.children[0].get_first_leaf()
        node.children[0] = Keyword("pass", first.start_pos, first.prefix)
        return node

    @classmethod
    def examples(cls) -> tuple[()]:
        """Give none: they are for Cosmic Ray's own tests."""
        return ()


Position = tuple[int, int]


class Mutant(NamedTuple):
    """One change of a module, as code, and where it is."""

    module: Path
    line: int
    operator: str
    code: str


def operators() -> list[Operator]:
    """Give what can be done to a place; ``is`` and bits stay among themselves."""
    provider = OperatorProvider()
    names = [name for name in provider if name not in LEFT_OUT]

    def alike(name: str) -> bool:
        """Whether an operator takes the place of one of its kind, or has no such pair."""
        kind, _, pair = name.partition("_")
        one, _, other = pair.partition("_")
        return not kind.startswith(PAIRED) or (one in APART) == (other in APART)

    return [*(provider[name]() for name in names if alike(name)), RemoveStatement()]


def types(code: str) -> list[tuple[Position, Position]]:
    """Give where annotations begin and end: nobody evaluates them."""
    nodes = (getattr(node, name, None) for node in ast.walk(ast.parse(code)) for name in TYPES)
    found = [node for node in nodes if isinstance(node, ast.expr)]
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in found]


def places(module: Path) -> dict[tuple[Any, ...], list[tuple[Operator, int]]]:
    """Give the places of a module that can be mutated, each with what can be done there."""
    code = module.read_text(encoding="utf-8")
    unread = types(code)
    ways: dict[tuple[Any, ...], list[tuple[Operator, int]]] = {}
    for operator in operators():
        occurrence = 0
        for node in ast_nodes(get_ast(code)):
            for begin, _ in operator.mutation_positions(node):
                if not any(start <= begin < end for start, end in unread):
                    kind = type(operator).__name__.partition("_")[0]
                    ways.setdefault((module, *begin, kind), []).append((operator, occurrence))
                occurrence += 1
    return ways


def draw(modules: list[Path], number: int) -> tuple[list[Mutant], int]:
    """Draw mutants of some modules, no two at one place; and tell how many places there are."""
    known = {place: ways for module in modules for place, ways in places(module).items()}
    chance = random.Random(14)
    mutants = []
    for place in chance.sample(sorted(known), min(number, len(known))):
        module, line, _, kind = place
        operator, occurrence = chance.choice(known[place])
        code = mutate_code(module.read_text(encoding="utf-8"), operator, occurrence)
        mutants.append(Mutant(module, line, kind, code))
    return mutants, len(known)


def found(folder: Path, tests: list[list[str]], patience: float) -> bool:
    """Whether a test fails in a copy; no answer in time is an endless loop, and found too."""
    command = [str(PYTHON), "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    own = {**os.environ, "PYTHONPATH": str(folder)}
    how = {"cwd": folder, "env": own, "capture_output": True, "timeout": patience}
    try:
        return any(subprocess.run([*command, *chosen], **how).returncode for chosen in tests)
    except subprocess.TimeoutExpired:
        return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("room", nargs="+", help="modules or folders of tradelib: card charts")
    parser.add_argument("--number", type=int, default=60, help="how many mutants (60)")
    parser.add_argument("--tests", nargs="+", default=[], help="its tests, if named otherwise")
    asked = parser.parse_args()
    library = ROOT / "tradelib"
    modules, own = list[Path](), list[Path]()
    for room in asked.room:
        found_here = [*library.glob(f"{room}.py"), *sorted(library.glob(f"{room}/*.py"))]
        if not found_here:
            print(f"there is no {room} in tradelib", file=sys.stderr)
            return 2
        modules += found_here
        own += [*(ROOT / "tests").glob(f"test_{room}*.py"), *(ROOT / "tests").glob(room)]
    names = [path.relative_to(ROOT).as_posix() for path in [*own, *modules]] + asked.tests
    fast = ["-m", "not slow"]
    tests = [[*fast, *names], [*fast, "tests", "tradelib", "README.md"]]
    mutants, known = draw(modules, asked.number)
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        ignored = shutil.ignore_patterns(".*", "build", "site", "__pycache__")
        copy = Path(shutil.copytree(ROOT, Path(folder) / "copy", ignore=ignored))
        start = time.perf_counter()
        if found(copy, tests, 3600):
            print("a test fails before anything is changed", file=sys.stderr)
            return 2
        patience = PATIENCE * (time.perf_counter() - start) + 30
        for mutant in mutants:
            changed = copy / mutant.module.relative_to(ROOT)
            changed.write_text(mutant.code, encoding="utf-8")
            if not found(copy, tests, patience):
                survivors += 1
                print(f"{mutant.module.relative_to(ROOT)}:{mutant.line} {mutant.operator}")
                before = mutant.module.read_text(encoding="utf-8").splitlines()
                lines = difflib.unified_diff(before, mutant.code.splitlines(), n=0, lineterm="")
                print("\n".join(f"    {line}" for line in [*lines][3:]), flush=True)
            shutil.copy(mutant.module, changed)
    told = f"{len(mutants) - survivors} of {len(mutants)} found, drawn from {known} places"
    print(f"{' '.join(asked.room)}: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
