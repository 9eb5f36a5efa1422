"""Print how many lines the library has, by room, and what stands around it: ``make size``.

Lines are counted as `ruff format` leaves them, docstrings and empty ones too; of notebooks, code.
"""

import json
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AROUND = ("notebooks/*.ipynb", "docs/**/*.py", "docs/*.md", "bench/*.py", "tests/**/*.py")


def lines(path: Path) -> int:
    """Count the lines of a file, of a notebook those of its code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "code"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
    return len(text.splitlines())


def main() -> None:
    library = sorted((ROOT / "tradelib").rglob("*.py"))
    rooms = groupby(library, key=lambda path: path.relative_to(ROOT).parts[1])
    table = {room: sum(map(lines, paths)) for room, paths in rooms}
    table["tradelib"] = sum(table.values())
    table |= {pattern: sum(map(lines, ROOT.glob(pattern))) for pattern in AROUND}
    for name, number in table.items():
        print(f"{name:18}{number:7,}")


if __name__ == "__main__":
    main()
