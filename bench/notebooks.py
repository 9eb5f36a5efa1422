"""What a notebook costs beside one that only imports pandas and matplotlib and saves empty charts.

``python bench/notebooks.py`` executes each notebook and its bare twin, which saves as many empty
charts of the same sizes, one after the other in this one run, and prints the best of the rounds and
their ratio, in seconds that passed and in seconds that were computed (which a busy machine does
not stretch); then ``import tradelib`` beside ``import pandas``, each in fresh interpreters.
"""

import argparse
import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

from build import execute  # noqa: E402
from tradelib.card import PICTURE  # noqa: E402

IMPORTS = "import io\nimport pandas\nimport matplotlib.pyplot as plt"
CHART = "fig = plt.figure(figsize=({}, {}), dpi=144)\nfig.add_subplot()\nfig.savefig(io.BytesIO())\nplt.close(fig)"  # noqa: E501


def seconds(function, *arguments):
    """Give the seconds that passed, and those that this process and its kernels computed."""
    before = os.times()
    function(*arguments)
    after = [now - then for now, then in zip(os.times(), before, strict=True)]
    return after[4], sum(after[:4])


def line(name, taken, more=""):
    """Print the best of the rounds for both kinds of seconds, and their ratios."""
    cells = []
    for kind in (0, 1):
        own, bare = (min(round_[side][kind] for round_ in taken) for side in (0, 1))
        cells.append(f"{own:9.2f}{bare:9.2f}{own / bare:9.2f}")
    print(f"{name:28}{''.join(cells)}   {more}")


def pictures(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    shown = (PICTURE.search(output.get("data", {}).get("text/html", "")) for output in outputs)
    return [base64.b64decode(found[1]) for found in filter(None, shown)]


def bare_twin(path, folder):
    """Write the notebook that a notebook is measured against, as the stored charts ask for it."""
    cells = [nbformat.v4.new_code_cell(IMPORTS)]
    for picture in pictures(nbformat.read(path, as_version=4)):
        inches = [int.from_bytes(picture[at : at + 4], "big") / 144 for at in (16, 20)]
        cells.append(nbformat.v4.new_code_cell(CHART.format(*inches)))
    twin = folder / path.name
    nbformat.write(nbformat.v4.new_notebook(cells=cells), twin)
    return twin, len(cells) - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = range(parser.parse_args().rounds)
    print(f"{'':28}{'passed':>9}{'bare':>9}{'ratio':>9}{'computed':>9}{'bare':>9}{'ratio':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
            twin, charts = bare_twin(path, Path(folder))
            taken = [(seconds(execute, path), seconds(execute, twin)) for _ in rounds]
            line(path.stem, taken, f"{charts} charts")
    commands = [[sys.executable, "-c", f"import {name}"] for name in ("tradelib", "pandas")]
    taken = [[seconds(subprocess.run, command) for command in commands] for _ in [*rounds] * 5]
    line("import tradelib, pandas", taken)


if __name__ == "__main__":
    main()
