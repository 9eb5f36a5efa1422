"""From an article's text to findings: its rows are drafted and audited, and nothing is typed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from tradelib.auditing import audit
from tradelib.drafting.rows import LABELS, draft
from tradelib.ledger import data_folder, load_figures, load_table


def check_article(
    text: str, *, article: str, folder: Path | str | None = None, **about: Any
) -> pd.DataFrame:
    """Draft an article's rows and audit them: beside the ledger and what others print, and alone.

    Parameters are those of `tradelib.draft`. All labels are a draft: a contradiction that needs a
    guessed one is none yet. Nor is it where two numbers are drafted as one quantity and no change
    of label would mend it: they are most likely two. What the ledger contradicts is not told again
    of the article alone.

    Gives a row a contradiction that a figure of the article is part of: ``verdict``
    (``contradicts``, or ``would contradict`` where it is none yet), ``beside`` (``the ledger`` or
    ``itself``), ``finding`` (in words), ``suggestion`` (the change of label that would mend it),
    ``figures`` (their slugs), ``guessed`` (the labels of those to be confirmed first). Its
    ``attrs`` tell how many figures are ``drafted`` and of how many a label is ``guessed``, and give
    a sentence for each that is ``left out`` because the tables do not know its name.

    >>> text = "Trade of 2031 came to 48 trillion yuan, exports to 26 trillion yuan and imports to "
    >>> check_article(text + "18 trillion yuan.", article="new", year=2031)["verdict"].tolist()
    ['contradicts']
    """
    rows = draft(text, article=article, folder=folder, **about)
    left_out: dict[str, str] = {}
    for column, kind in (("reporter", "partner"), ("partner", "partner"), ("product", "product")):
        unknown = rows[~rows[column].isin(load_table(f"{kind}s", folder)[kind])]
        for figure, name in zip(unknown["figure"], unknown[column], strict=True):
            wanted = f'column {column}: found "{name}", expected a name of {kind}s.csv'
            left_out[figure] = f"{figure}: {wanted}"
    rows = rows[~rows["figure"].isin(left_out)]
    guesses = {
        figure: [f"{figure}: {column}" for column in LABELS if column in check.split(";")]
        for figure, check in zip(rows["figure"], rows["check"], strict=True)
    }
    beside = _contradictions(rows, False, folder)
    alone = _contradictions(rows[~rows["figure"].isin(beside["figures"].explode())], True, folder)
    found = pd.concat([beside.assign(beside="the ledger"), alone.assign(beside="itself")])
    found["guessed"] = [
        [guess for figure in figures for guess in guesses.get(figure, [])]
        for figures in found["figures"]
    ]
    alike = (found["kind"] == "conflict") & ~found["finding"].str.contains("=")  # no arithmetic
    found.loc[alike | found["guessed"].astype(bool), "verdict"] = "would contradict"
    found = found[["verdict", "beside", "finding", "suggestion", "figures", "guessed"]]
    unsure = sum(map(bool, guesses.values()))
    drafted = len(rows) + len(left_out)
    found.attrs = {"drafted": drafted, "guessed": unsure, "left out": [*left_out.values()]}
    return found


def _contradictions(rows: pd.DataFrame, alone: bool, folder: Path | str | None) -> pd.DataFrame:
    """Audit drafted rows in a copy of the tables: with the other articles, or with nothing else.

    The ledger's own labels are read as corrected, and its claims are left out: what is wrong with
    them is told by the audit of the ledger.
    """
    slugs, vintage = rows.attrs["articles"], rows.attrs["vintage"]
    new = {"article": slugs[0], "published": f"{vintage}-01", "year": int(vintage) - 1}
    new |= {"sha256": "0" * 64, "language": "en", "summary": "A draft"}
    articles, ledger = load_table("articles", folder), load_figures(folder=folder)
    others = articles[~(articles["article"].isin(slugs) | alone)]
    tables = {
        "articles": pd.concat([pd.DataFrame([new]), others]),
        "figures": pd.concat([rows, ledger[ledger["article"].isin(others["article"])]]),
        "claims": pd.DataFrame(),
        "corrections": pd.DataFrame(),
    }
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(data_folder(folder), Path(temporary) / "data"))
        for name, table in tables.items():
            table = table.reindex(columns=load_table(name, folder).columns)
            table.to_csv(copy / f"{name}.csv", index=False)
        told = audit(reference=not alone, folder=copy)
    told = told[told["verdict"] == "contradicts"].rename(columns={"evidence": "finding"})
    own = set(rows["figure"])
    return told[[not own.isdisjoint(figures) for figures in told["figures"]]]
