"""Laws are tried on the same examples each time; `--hypothesis-profile thorough` tries others."""

import csv
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from tradelib import ledger as tables

settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile("steady")

TWO = ("surplus-2024", "diversification-2025")


@pytest.fixture(scope="module")
def two_articles(tmp_path_factory):
    """The ledger of the first two articles, of which much is said; further ones are left out."""
    folder = tmp_path_factory.mktemp("two") / "data"
    shutil.copytree(tables.data_folder(), folder)
    figures = set()
    for name in ("articles", "figures", "claims", "corrections"):
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            kept = [
                row for row in rows if row.get("article") in TWO or row.get("figure") in figures
            ]
        figures |= {row["figure"] for row in kept if name == "figures"}
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows.fieldnames, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "data_folder", lambda own=None: Path(own or folder))
        yield folder
