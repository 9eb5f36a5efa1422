"""Print how many lines the library has, by room, and what stands around it: ``make size``.

Lines are counted as `ruff format` leaves them, docstrings and empty ones too; of a notebook its
code, of the site's pages their sources.
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def lines(*paths: Path) -> int:
    """Count the lines of some files."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def code(notebook: Path) -> int:
    """Count the lines of a notebook's code."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return sum(len(source.splitlines()) for source in sources)


def rooms() -> dict[str, int]:
    """Count the lines of each module of the library, and of each folder as one."""
    found: dict[str, int] = {}
    for path in sorted((ROOT / "tradelib").rglob("*.py")):
        room = path.relative_to(ROOT / "tradelib").parts[0]
        room = room if room.endswith(".py") else f"{room}/"
        found[room] = found.get(room, 0) + lines(path)
    return found


def main() -> None:
    library = rooms()
    around = {
        "notebooks (code)": sum(map(code, (ROOT / "notebooks").glob("*.ipynb"))),
        "docs (Python)": lines(*(ROOT / "docs").rglob("*.py")),
        "docs (pages)": lines(*(ROOT / "docs").glob("*.md")),
        "bench": lines(*(ROOT / "bench").glob("*.py")),
        "tests": lines(*(ROOT / "tests").rglob("*.py")),
    }
    for name, number in library.items():
        print(f"{name:18}{number:7,}")
    print(f"{'tradelib':18}{sum(library.values()):7,}\n")
    for name, number in around.items():
        print(f"{name:18}{number:7,}")


if __name__ == "__main__":
    main()
