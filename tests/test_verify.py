"""Holding a text against the ledger."""

import hashlib
import shutil
from pathlib import Path

import pytest

from tradelib.check import verify
from tradelib.cli import main
from tradelib.ledger import data_folder

ARTICLES = Path(__file__).parents[2] / "shared" / "articles"
TEXT = "Summary\n\nExports of 2024 came to 5 trillion yuan. They rose 4%, and imports 2%.\n"
ROWS = """\
one,test,2,1,5 trillion yuan,,,China,World,All,exports,level,2024,,2025,,
two,test,2,2,4%,up,,China,World,All,exports,growth,2024,2023,2025,CNY,
three,test,2,2,2%,up,,China,World,All,imports,growth,2024,2023,2025,CNY,
"""
MOVED = [(2, "5 trillion yuan", 1), (3, "4%", 2), (4, "2%", 2)]


def invented(tmp_path):
    """A ledger of three figures of one invented article."""
    new = Path(shutil.copytree(data_folder(), tmp_path / "data"))
    rows = {
        "articles": f"test,,,2025-01,2024,{digest(TEXT)},en,An invented text\n",
        "figures": ROWS,
        "claims": "up,test,2,1,record,Most yet,China,World,All,exports,level,2024,,,,,one,\n",
        "corrections": "",
    }
    for table, lines in rows.items():
        path = new / f"{table}.csv"
        header = path.read_text(encoding="utf-8").splitlines()[0]
        path.write_text(f"{header}\n{lines}", encoding="utf-8")
    return new


@pytest.fixture
def folder(tmp_path):
    return invented(tmp_path)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_text_that_agrees(folder):
    assert verify(TEXT.encode(), folder=folder) == ("test", [])


def test_windows_line_ends_change_the_checksum_and_nothing_else(folder):
    article, (difference,) = verify(TEXT.replace("\n", "\r\n").encode(), folder=folder)
    assert article == "test"
    assert difference.startswith("articles.csv, line 2, column sha256: found ")


@pytest.mark.parametrize(
    ("old", "new", "differences"),
    [
        (
            "rose 4%",
            "rose 5%",
            [
                'figures.csv, line 3, column surface: found "4%", expected a figure that the scan '
                "finds in paragraph 2, sentence 2",
                'figures.csv: found no row for "5%" in paragraph 2, sentence 2, expected one',
            ],
        ),
        (
            "Summary",
            "Up 4%",
            ['figures.csv: found no row for "4%" in paragraph 1, sentence 1, expected one'],
        ),
        (
            "imports 2%",
            "imports 4%",
            [
                'figures.csv, line 4, column surface: found "2%", expected a figure that the scan '
                "finds in paragraph 2, sentence 2",
                'figures.csv: found no row for "4%" in paragraph 2, sentence 2, expected one',
            ],
        ),
        (
            "yuan. They",
            "yuan, they",
            [
                'figures.csv, line 3, column surface: found "4%", expected a figure that the scan '
                "finds in paragraph 2, sentence 2",
                'figures.csv, line 4, column surface: found "2%", expected a figure that the scan '
                "finds in paragraph 2, sentence 2",
                'figures.csv: found no row for "4%" in paragraph 2, sentence 1, expected one',
                'figures.csv: found no row for "2%" in paragraph 2, sentence 1, expected one',
            ],
        ),
        (
            "4%",
            "Up24%",
            [
                'figures.csv, line 3, column surface: found "4%", expected a figure that the scan '
                "finds in paragraph 2, sentence 2",
            ],
        ),
        (
            "Summary\n\n",
            "",
            [
                f'figures.csv, line {line}, column surface: found "{surface}", expected a figure '
                f"that the scan finds in paragraph 2, sentence {sentence}"
                for line, surface, sentence in MOVED
            ]
            + [
                f'figures.csv: found no row for "{surface}" in paragraph 1, sentence {sentence}, '
                "expected one"
                for line, surface, sentence in MOVED
            ]
            + [
                'claims.csv, line 2, column paragraph, sentence: found "paragraph 2, sentence 1", '
                "expected a sentence that the text has"
            ],
        ),
    ],
)
def test_each_difference_is_one_sentence(folder, old, new, differences):
    article, found = verify(TEXT.replace(old, new).encode(), folder=folder)
    assert article == "test"
    assert found[0].startswith("articles.csv, line 2, column sha256: found ")
    assert found[1:] == differences


def test_a_text_of_something_else_is_told(folder):
    with pytest.raises(ValueError, match="has the checksum of no article"):
        verify(b"Nothing here.", folder=folder)


def test_the_articles_agree_with_the_ledger():
    if not ARTICLES.is_dir():
        pytest.skip("the articles' texts are not in the repository: they are their publishers'")
    for path in ARTICLES.glob("*.txt"):
        article, differences = verify(path.read_bytes())
        assert not differences, article


def test_the_command_names_each_difference(tmp_path, folder, capsys):
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_bytes(TEXT.encode())
    bad.write_bytes(TEXT.replace("rose 4%", "rose 5%").encode())
    assert main(["verify", "--data", str(folder), str(good)]) == 0
    assert capsys.readouterr().out == f"{good}: agrees with article test\n"
    assert main(["verify", "--data", str(folder), str(good), str(bad)]) == 1
    out = capsys.readouterr().out
    assert f"{bad}: differs from article test\n{bad}: articles.csv, line 2, column sha256: " in out
    assert 'found "4%", expected a figure that the scan finds in paragraph 2, sentence 2' in out


def test_the_command_goes_on_after_a_file_that_cannot_be_read(tmp_path, folder, capsys):
    good, missing, binary = tmp_path / "good.txt", tmp_path / "none.txt", tmp_path / "binary.txt"
    good.write_bytes(TEXT.encode())
    binary.write_bytes(b"\xff\xfe\x00")
    files = [str(missing), str(tmp_path), str(binary), str(good)]
    assert main(["verify", "--data", str(folder), *files]) == 2
    told = capsys.readouterr()
    assert told.out == f"{good}: agrees with article test\n"
    assert [line.partition(": ")[0] for line in told.err.splitlines()] == ["tradelib"] * 3
    assert f"{missing}: No such file or directory" in told.err
