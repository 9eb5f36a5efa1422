"""What is part of what: partners and products, as ``partners.csv`` and ``products.csv`` have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tradelib.ledger import load_table

REVISION: Final = 0.018
"""How far two releases of one amount may lie apart, as a share of it. The customs revise a year
after its release; the largest revision in reference.csv is that of chip exports of 2022, printed as
1,025.4 billion yuan in 2023 and implied at 1,006.6 to 1,007.7 a year later: 1.7 percent."""
CHANGING: Final = 0.07
"""The same for an initiative, whose list of members changes: trade with the Belt and Road of 2023
was printed as 19.47 trillion yuan, and is implied at 20.73 to 20.76 a year later: 6.4 percent.
``tests/auditing/test_audit.py`` computes both."""
OVERLAPPING: Final = ("initiative", "class")  # kinds that overlap others: parts of nothing


class Tree:
    """Of what partners and products are parts, as ``partners.csv`` and ``products.csv`` have it.

    ``kinds`` and ``part_of`` have by ``partner`` and by ``product`` the kind of each name and what
    it is part of, ``in_words`` how a sentence says a partner, ``sums`` of each line of a group that
    is the sum of its lines the group and all its lines.
    """

    def __init__(self, folder: Path | str | None = None):
        tables = {c: load_table(f"{c}s", folder).set_index(c) for c in ("partner", "product")}
        self.kinds = {column: dict(table["kind"]) for column, table in tables.items()}
        self.part_of = {column: dict(table["part_of"]) for column, table in tables.items()}
        self.in_words = {**tables["partner"]["in_words"], "World": "World"}  # which none says
        products = tables["product"]
        self.sums: dict[str, tuple[str, tuple[str, ...]]] = {}
        for group, count in products["lines"].dropna().items():
            lines = tuple(products.index[products["part_of"] == group])
            if len(lines) == count:
                self.sums |= dict.fromkeys(lines, (str(group), lines))

    def above(self, column: str, name: str) -> Iterator[str]:
        """The wholes above a name, the nearest first; none above one that overlaps others."""
        whole = "" if self.kinds[column].get(name) in OVERLAPPING else name
        while whole := self.part_of[column].get(whole, ""):
            yield whole

    def room(self, partner: str) -> float:
        """The allowance for revisions of amounts with a partner, as a share."""
        return CHANGING if self.kinds["partner"].get(partner) == "initiative" else REVISION
