"""The recipe for an archive in ``docs/library.md``, on generated files, against a plain loop."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tradelib.wording import scan

HERE = Path(__file__).parent
RECIPE = HERE.parents[1] / "docs" / "library.md"
FILES = 200


@pytest.mark.slow
def test_two_processes_find_what_a_plain_loop_finds(tmp_path):
    recipe = re.search(r"```python\n(import sys\n.*?)```", RECIPE.read_text(encoding="utf-8"), re.S)
    script, folder, table = (
        tmp_path / name for name in ("read_archive.py", "articles", "rows.csv")
    )
    two = recipe[1].replace('scheduler="processes"', 'scheduler="processes", num_workers=2')
    assert "num_workers=2" in two
    script.write_text(two, encoding="utf-8")
    folder.mkdir()
    lines = (HERE / "gold" / "passages-1.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    for number in range(FILES):
        words = "\n\n".join(texts[(number + k) % len(texts)] for k in range(3))
        (folder / f"article-{number:03}.txt").write_text(words, encoding="utf-8")
    told = subprocess.run(
        [sys.executable, script, folder, table], capture_output=True, text=True, check=True
    ).stdout
    plain = [
        {"file": path.name, **mention._asdict()}
        for path in sorted(folder.glob("*.txt"))
        for mention in scan(path.read_text(encoding="utf-8"))
    ]
    assert "100% Completed" in told
    assert f"{len(plain)} figures written" in told
    found, expected = pd.read_csv(table), pd.DataFrame(plain)
    for column in ("direction", "unit_hint"):
        found[column] = found[column].fillna("")
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
