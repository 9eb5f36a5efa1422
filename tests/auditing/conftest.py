"""Small ledgers, typed as tables of examples and audited through the public functions."""

import pytest

from tests.auditing.worlds import new_folder, write_table

FIGURE = {
    "article": "news",
    "paragraph": 1,
    "sentence": 1,
    "reporter": "Italy",
    "partner": "World",
    "product": "All",
    "flow": "exports",
    "measure": "level",
    "period": 2024,
    "vintage": 2025,
    "publisher": "x",
    "published": "2025-01",
    "source": "x",
    "accessed": "2026-01",
    "confidence": "high",
}
ARTICLE = {
    "published": "2025-01",
    "year": 2024,
    "sha256": "0" * 64,
    "language": "en",
    "summary": "x",
}


@pytest.fixture(scope="module", autouse=True)
def of_two_articles(two_articles):
    """What is said of the articles here is said of the first two."""


@pytest.fixture
def ledger(tmp_path):
    """Write a ledger from lines: figures of an article called ``news``, claims, others' figures.

    A line is a dict of what differs from the level of Italy's exports in 2024; its ``surface`` may
    stand alone. Figures are called ``f0, f1, …``, others' ``ref-0, ref-1, …``, claims ``c0, …``.
    """

    def write(*lines, others=(), claims=(), articles=(), corrections=()):
        named = {
            article["article"]: ARTICLE | article for article in ({"article": "news"}, *articles)
        }

        def row(name, line):
            line = line if isinstance(line, dict) else {"surface": line}
            own = {"currency_basis": "EUR" if line.get("measure") == "growth" else ""}
            row = FIGURE | {"figure": name, "reference": name} | own | line
            if "vintage" in line and "article" not in line:  # in an article of that year
                year = row["vintage"]
                row |= {"article": f"news-{year}", "published": f"{year}-01"}
                about = {"article": row["article"], "published": row["published"], "year": year - 1}
                named.setdefault(row["article"], ARTICLE | about)
            return row

        def claim(place, line):
            keys = FIGURE | {"claim": f"c{place}", "statement": f"Claim {place}", "figures": ""}
            return keys | line

        folder = new_folder(tmp_path)
        write_table(folder, "figures", [row(f"f{n}", line) for n, line in enumerate(lines)])
        write_table(folder, "reference", [row(f"ref-{n}", line) for n, line in enumerate(others)])
        write_table(folder, "claims", [claim(n, line) for n, line in enumerate(claims)])
        write_table(folder, "corrections", list(corrections))
        write_table(folder, "articles", list(named.values()))
        return folder

    return write
