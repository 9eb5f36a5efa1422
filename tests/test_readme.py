"""The README: its picture is a stored chart, its commands exist and stand on the first screen."""

import base64
import json
import re
from pathlib import Path

from tradelib.card import PICTURE

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_picture_is_the_first_chart_of_the_first_notebook():
    notebook = json.loads((ROOT / "notebooks/1-record-surplus.ipynb").read_text(encoding="utf-8"))
    outputs = [o.get("data", {}) for cell in notebook["cells"] for o in cell.get("outputs", [])]
    found = (PICTURE.search("".join(data.get("text/html", ""))) for data in outputs)
    png = base64.b64decode(next(filter(None, found))[1])
    name = re.search(r'<img src="([^"]+)"', README)[1]
    picture = (ROOT / name).read_bytes()
    assert picture == png, f"{name} is out of date: run `make notebooks`"


def test_every_make_target_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    texts = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)\b", texts)) - {"and"}:
        assert re.search(rf"^{target}:.*##", makefile, re.M), f"make {target}"


def test_the_two_commands_stand_on_the_first_screen():
    first = README.splitlines()[:14]
    assert any(line.startswith("make site") for line in first)
    assert any(line.startswith("make test") for line in first)


def test_every_file_named_is_there():
    for name in re.findall(r"`((?:[\w-]+/)+[\w.-]*|\w+\.(?:md|json))`", README):
        if not name.startswith("site/"):
            assert (ROOT / name).exists() or (ROOT / "data" / name).exists(), name
