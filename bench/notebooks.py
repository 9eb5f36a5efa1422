"""What a notebook costs beside one that only imports pandas and matplotlib and saves empty charts.

``python bench/notebooks.py`` executes each notebook and its bare twin, which saves as many empty
charts of the same sizes, one after the other in this one run, and prints the ratio of the best of
the rounds; then ``import tradelib`` beside ``import pandas``, each in fresh interpreters.
"""

import argparse
import base64
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "docs"))

from build import execute  # noqa: E402

IMPORTS = "import io\nimport pandas\nimport matplotlib.pyplot as plt"
CHART = "fig = plt.figure(figsize=({}, {}), dpi=144)\nfig.add_subplot()\nfig.savefig(io.BytesIO())\nplt.close(fig)"  # noqa: E501


def seconds(function, *arguments):
    start = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - start, result


def pictures(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    return [o["data"]["image/png"] for o in outputs if "image/png" in o.get("data", {})]


def bare_twin(path, folder):
    """Write the notebook that a notebook is measured against, as the stored charts ask for it."""
    cells = [nbformat.v4.new_code_cell(IMPORTS)]
    for picture in pictures(nbformat.read(path, as_version=4)):
        png = base64.b64decode(picture)
        inches = [int.from_bytes(png[at : at + 4], "big") / 144 for at in (16, 20)]
        cells.append(nbformat.v4.new_code_cell(CHART.format(*inches)))
    twin = folder / path.name
    nbformat.write(nbformat.v4.new_notebook(cells=cells), twin)
    return twin, len(cells) - 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = range(parser.parse_args().rounds)
    print(f"{'':28}{'seconds':>9}{'bare':>9}{'ratio':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
            twin, charts = bare_twin(path, Path(folder))
            taken = [(seconds(execute, path)[0], seconds(execute, twin)[0]) for _ in rounds]
            own, bare = map(min, zip(*taken, strict=True))
            print(f"{path.stem:28}{own:9.2f}{bare:9.2f}{own / bare:9.2f}   {charts} charts")
    command = [sys.executable, "-c"]
    taken = [
        tuple(seconds(subprocess.run, [*command, f"import {name}"])[0] for name in names)
        for names in [("tradelib", "pandas")]
        for _ in range(5 * len(rounds))
    ]
    own, bare = map(min, zip(*taken, strict=True))
    print(f"{'import tradelib, pandas':28}{own:9.2f}{bare:9.2f}{own / bare:9.2f}")


if __name__ == "__main__":
    main()
