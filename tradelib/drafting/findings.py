"""From an article's text to findings: its rows are drafted and audited, and nothing is typed."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import pandas as pd

from tradelib.drafting.rows import LABELS, draft
from tradelib.ledger import data_folder, load_figures, load_table

COLUMNS: Final = ("verdict", "beside", "finding", "suggestion", "figures", "guessed")


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
        names = load_table(f"{kind}s", folder)[kind]
        for _, row in rows[~rows[column].isin(names)].iterrows():
            wanted = f'column {column}: found "{row[column]}", expected a name of {kind}s.csv'
            left_out[row["figure"]] = f"{row['figure']}: {wanted}"
    known = rows[~rows["figure"].isin(left_out)]
    guesses = {
        figure: [f"{figure}: {column}" for column in LABELS if column in check.split(";")]
        for figure, check in zip(known["figure"], known["check"], strict=True)
    }
    found: list[dict[str, Any]] = []
    for beside in ("the ledger", "itself"):
        told = {figure for finding in found for figure in finding["figures"]}
        left = known[~known["figure"].isin(told)]
        for finding in _contradictions(left, text, beside == "itself", folder):
            alike = finding["kind"] == "conflict" and "=" not in finding["finding"]  # no arithmetic
            guessed = [guess for figure in finding["figures"] for guess in guesses.get(figure, [])]
            verdict = "would contradict" if guessed or alike else "contradicts"
            found.append(finding | {"verdict": verdict, "beside": beside, "guessed": guessed})
    table = pd.DataFrame(found, columns=COLUMNS)
    unsure = sum(map(bool, guesses.values()))
    table.attrs = {"drafted": len(rows), "guessed": unsure, "left out": [*left_out.values()]}
    return table


def _contradictions(
    rows: pd.DataFrame, text: str, alone: bool, folder: Path | str | None
) -> list[dict[str, Any]]:
    """Audit drafted rows in a copy of the tables: with the other articles, or with nothing else.

    The ledger's own labels are read as corrected, and its claims are left out: what is wrong with
    them is told by the audit of the ledger.
    """
    from tradelib.auditing import audit

    if rows.empty:
        return []
    article, vintage = rows.iloc[0][["article", "vintage"]]
    digest = hashlib.sha256(text.encode()).hexdigest()
    ledger, articles = load_figures(folder=folder), load_table("articles", folder)
    others = articles[(articles["sha256"] != digest) & (articles["article"] != article)]
    ledger = ledger[ledger["article"].isin(others["article"]) & (not alone)]
    new = {"article": article, "sha256": digest, "language": "en", "summary": "A draft"}
    new |= {"published": f"{vintage}-01", "year": int(vintage) - 1}
    tables: dict[str, list[dict[Any, Any]]] = {
        "articles": [new, *others.to_dict("records")],
        "figures": [*rows.to_dict("records"), *ledger.to_dict("records")],
        "claims": [],
        "corrections": [],
    }
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(shutil.copytree(data_folder(folder), Path(temporary) / "data"))
        for name, records in tables.items():
            columns = load_table(name, folder).columns
            pd.DataFrame(records, columns=columns).to_csv(copy / f"{name}.csv", index=False)
        told = audit(reference=not alone, folder=copy)
    told = told[told["verdict"] == "contradicts"].rename(columns={"evidence": "finding"})
    found = [{str(key): cell for key, cell in row.items()} for row in told.to_dict("records")]
    return [row for row in found if not set(rows["figure"]).isdisjoint(row["figures"])]
