"""Of what partners and products are parts, as ``partners.csv`` and ``products.csv`` have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tradelib.ledger import load_optional

REVISION: Final = 0.018
"""How far two releases of one amount may lie apart, as a share of it. The customs revise a year
after its release; the largest revision in reference.csv is that of chip exports of 2022, printed as
1,025.4 billion yuan in 2023 and implied at 1,006.6 to 1,007.7 a year later: 1.7 percent. (Of the
totals it is that of exports of 2022: 1.3 percent.)"""
CHANGING: Final = 0.07
"""The same for an initiative, whose list of members changes: trade with the Belt and Road of 2023
was printed as 19.47 trillion yuan, and is implied at 20.73 to 20.76 a year later: 6.4 percent.
``tests/auditing/test_audit.py`` computes both."""
OVERLAPPING: Final = ("initiative", "class")
"""Kinds of partners and products that overlap others, so that they are parts of nothing."""


class Tree:
    """The parts of the world and of all goods.

    Attributes
    ----------
    above
        By ``partner`` and by ``product``: of each name the wholes above it, the nearest first;
        of those that overlap others none.
    lines
        Of each group of products that is the sum of lines in the table, those lines.
    kinds
        By ``partner`` and by ``product``: of each name its kind.
    """

    def __init__(self, folder: Path | str | None = None):
        self.above: dict[str, dict[str, tuple[str, ...]]] = {}
        self.kinds: dict[str, dict[str, str]] = {}
        for column in ("partner", "product"):
            rows = load_optional(f"{column}s", folder).to_dict("records")
            kinds = self.kinds[column] = {row[column]: row["kind"] for row in rows}
            parent = {row[column]: row["part_of"] for row in rows}
            self.above[column] = {
                name: () if kinds[name] in OVERLAPPING else tuple(_up(name, parent))
                for name in parent
            }
        children: dict[str, list[str]] = {}
        for row in rows:
            children.setdefault(row["part_of"], []).append(row["product"])
        self.lines = {
            row["product"]: tuple(children.get(row["product"], ()))
            for row in rows
            if row["lines"] == len(children.get(row["product"], ()))
        }
        self.group = {line: group for group, lines in self.lines.items() for line in lines}

    def room(self, partner: str) -> float:
        """The allowance for revisions of amounts with a partner, as a share."""
        return CHANGING if self.kinds["partner"].get(partner) == "initiative" else REVISION


def _up(name: str, parent: dict[str, str]) -> Iterator[str]:
    while name := parent.get(name, ""):
        yield name
