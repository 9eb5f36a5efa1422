"""A third article goes in as docs/next-article.md says, and changes no code and no test."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import tradelib

ROOT = Path(__file__).parents[1]
ARTICLE = "china-trade-2023"
TYPED = "Agency,Beijing,2024-01,2023,{digest},en,An invented report of the trade of 2023"
FINER = """\
In the fourth quarter alone, exports came to 6.2 trillion yuan. Imports of December rose
1.6 percent to 1.62 trillion yuan, 0.4 percentage points more than in November.
"""
"""Periods that are no years, and a change."""

pytestmark = pytest.mark.slow


def run(project, command):
    """Run a line of the page in a shell."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        check=False,
        cwd=project,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": f"{project}{os.pathsep}{project / 'docs' / '_ext'}"},
    )


def commands(beginning):
    """Give the lines of the page's shell blocks that begin so."""
    page = (ROOT / "docs" / "next-article.md").read_text(encoding="utf-8")
    return [line for line in page.splitlines() if line.startswith(beginning)]


def confirm(path):
    """Empty the column check, as a person does; give how often each field was guessed."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    guessed = Counter(field for row in rows for field in row[-1].split(";") if field)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *([*row[:-1], ""] for row in rows)])
    return guessed


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with a third article, drafted and confirmed by the page's own lines."""
    new = tmp_path_factory.mktemp("project")
    for folder in ("tradelib", "data", "docs", "notebooks", "tests/data"):
        shutil.copytree(ROOT / folder, new / folder)
    script = new / ".venv" / "bin" / "tradelib"
    script.parent.mkdir(parents=True)
    script.write_text(
        f"#!{sys.executable}\nimport sys\nfrom tradelib.cli import main\nsys.exit(main())\n"
    )
    script.chmod(0o755)
    text = (ROOT / "tests" / "data" / "articles" / f"{ARTICLE}.txt").read_text(encoding="utf-8")
    (new / "new.txt").write_text(text + FINER, encoding="utf-8")
    digest = run(new, commands("sha256sum")[0].partition("#")[0]).stdout.split()[0]
    with (new / "data" / "articles.csv").open("a", encoding="utf-8") as file:
        file.write(f"{ARTICLE},{TYPED.format(digest=digest)}\n")
    drafts = [line for line in commands(".venv/bin/tradelib draft") if "--output" in line]
    assert len(drafts) == 2
    for line in drafts:
        line = line.replace("surplus-2026", ARTICLE)
        done = run(new, line.replace("2026", "2023").replace("2027", "2024"))
        assert (done.returncode, done.stderr) == (0, "")
    assert confirm(new / "draft.csv") == {"measure": 1}
    assert len(commands("tail")) == 2
    for line in commands("tail"):
        assert run(new, line).returncode == 0
    return new


def test_the_tables_agree_with_each_other_and_with_the_text(project):
    line = ".venv/bin/tradelib check --expected tests/data/expected_figures.csv --texts ."
    done = run(project, line)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The tables are as they should be")
    done = run(project, ".venv/bin/tradelib verify new.txt")
    assert (done.returncode, done.stdout) == (0, f"new.txt: agrees with article {ARTICLE}\n")


def test_the_audit_takes_it_up_and_contradicts_nothing_of_it(project):
    done = run(project, ".venv/bin/tradelib audit --corrected --all --format jsonl")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    own = [row for row in found if any("-2023" in figure for figure in row["figures"])]
    assert own
    contradicted = [row for row in found if row["verdict"] == "contradicts"]
    before = tradelib.audit(True, checks=True)
    assert len(contradicted) == (before["verdict"] == "contradicts").sum()


def test_the_ledger_s_page_shows_it(project):
    code = """
import tradelib, ledger_page, verdicts
from tradelib.ledger import load_table
print(ledger_page.table(tradelib.load_figures(corrected=False), load_table("corrections")))
"""
    done = run(project, f"{sys.executable} -c '{code}'")
    assert done.returncode == 0, done.stderr
    assert 'id="exports-2023"' in done.stdout
    assert "23.77 trillion yuan" in done.stdout


@pytest.mark.parametrize("notebook", sorted(path.stem for path in ROOT.glob("notebooks/*.ipynb")))
def test_the_stories_run_with_it(project, notebook):
    cells = json.loads((project / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    code = [cell["source"] for cell in cells["cells"] if cell["cell_type"] == "code"]
    (project / "story.py").write_text("\n".join("".join(lines) for lines in code), encoding="utf-8")
    done = run(project, f"MPLBACKEND=agg {sys.executable} story.py")
    assert done.returncode == 0, done.stderr
