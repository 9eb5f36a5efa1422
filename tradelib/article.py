"""From an article's text to findings: its rows are drafted and audited, and nothing is typed."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.drafting import draft
from tradelib.ledger import data_folder, load_figures, load_table
from tradelib.output import csv_text

LABELS: Final = ("reporter", "partner", "product", "flow", "measure", "period", "basis")
"""Columns that the audit goes by: what needs a guess in one of them is no finding yet."""
WEAK: Final = "would contradict"
COLUMNS: Final = ("verdict", "beside", "explanation", "suggestion", "figures", "guessed")


def check_article(
    text: str, *, article: str, folder: Path | str | None = None, **about: Any
) -> pd.DataFrame:
    """Draft an article's rows and audit them: alone, and beside the ledger and what others print.

    Parameters are those of `tradelib.draft`.

    Returns
    -------
    DataFrame
        A row a contradiction that a figure of the article is part of: ``verdict``, ``beside``
        (``itself`` or ``the ledger``), ``explanation`` and ``suggestion`` as in `tradelib.audit`,
        ``figures``, and ``guessed``: the labels of those figures that are to be confirmed first.
        All labels are a draft; where the contradiction needs a guessed one, the verdict is ``would
        contradict``: a first audit goes without such rows, a second takes them in. So it is where
        two numbers are drafted as one quantity and no change of label would mend it: they are most
        likely two.

    Examples
    --------
    >>> text = "Exports came to 26 trillion yuan in 2024. Imports of 2024 were 18 trillion yuan, "
    >>> text += "and total trade in 2024 reached 46 trillion yuan."
    >>> check_article(text, article="new", year=2024)["verdict"].unique().tolist()
    ['contradicts']
    """
    rows = draft(text, article=article, folder=folder, **about)
    for column, kind in (("reporter", "partner"), ("partner", "partner"), ("product", "product")):
        rows = rows[rows[column].isin(load_table(f"{kind}s", folder)[kind])]
    guesses = {
        row["figure"]: [f"{row['figure']}: {c}" for c in LABELS if c in row["check"].split(";")]
        for row in rows.to_dict("records")
    }
    rows = rows[rows["period"].str.fullmatch(r"(\d{4})?") & (rows["period"] <= rows["vintage"])]
    rows = rows[~rows["surface"].str.contains("point|pp", regex=True)]
    sure = rows[[not guesses[figure] for figure in rows["figure"]]]
    found: dict[str, dict[str, Any]] = {}
    for beside in ("itself", "the ledger"):
        for verdict, some in (("contradicts", sure), (WEAK, rows)):
            for row in _contradictions(some, text, beside == "itself", folder):
                guessed = [guess for figure in row["figures"] for guess in guesses.get(figure, [])]
                alike = row["rule"] == "repetition" and not row["suggestion"]
                row |= {"verdict": WEAK if alike else verdict, "beside": beside, "guessed": guessed}
                found.setdefault(row["explanation"], row)
    return pd.DataFrame(list(found.values()), columns=COLUMNS)


def _contradictions(
    rows: pd.DataFrame, text: str, alone: bool, folder: Path | str | None
) -> list[dict[str, Any]]:
    """Audit drafted rows in a copy of the tables: with nothing else, or with the other articles.

    The ledger's own labels are read as corrected, and its claims are left out: what is wrong with
    them is told by the audit of the ledger.
    """
    from tradelib.auditing import audit

    if rows.empty:
        return []
    ledger, articles = load_figures(folder=folder), load_table("articles", folder)
    digest, new = hashlib.sha256(text.encode()).hexdigest(), rows.iloc[0]
    others = articles[(articles["sha256"] != digest) & (articles["article"] != new["article"])]
    ledger = ledger[ledger["article"].isin(others["article"]) & (not alone)]
    known = {"article": new["article"], "sha256": digest, "language": "en", "summary": "A draft"}
    known |= {"published": f"{new['vintage']}-01", "year": int(new["vintage"]) - 1}
    tables: dict[str, list[dict[Any, Any]]] = {
        "articles": [*others.to_dict("records"), known],
        "figures": [*ledger.to_dict("records"), *rows.to_dict("records")],
        "claims": [],
        "corrections": [],
    }
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(data_folder(folder), Path(temporary) / "data"))
        for name, records in tables.items():
            columns = list(load_table(name, folder).columns)
            cells = [{column: row.get(column, "") for column in columns} for row in records]
            (copy / f"{name}.csv").write_text(csv_text(columns, cells, raw=True), encoding="utf-8")
        checks = audit(reference=not alone, folder=copy, checks=True)
    checks = checks[checks["verdict"] == "contradicts"]
    ours = [not set(rows["figure"]).isdisjoint(figures) for figures in checks["figures"]]
    return [{str(k): v for k, v in row.items()} for row in checks[ours].to_dict("records")]
