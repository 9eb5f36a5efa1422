"""Show that every pinned package has a wheel for each Python and system: ``make wheels``.

Nothing is installed: uv resolves requirements.txt with hashes and without building anything, once a
Python and a system, and says what is missing. It needs the network.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SYSTEMS = {
    "Linux": "x86_64-manylinux_2_28",
    "Linux, ARM": "aarch64-manylinux_2_28",
    "macOS": "aarch64-apple-darwin",
    "Windows": "x86_64-pc-windows-msvc",
}


def missing(python: str, system: str) -> str:
    """Say which pin has no wheel there; nothing if all have."""
    uv = Path(sys.executable).with_name("uv")
    command = [uv, "pip", "install", "--dry-run", "--quiet", "--only-binary", ":all:", "--no-deps"]
    command += ["--require-hashes", "--python-version", python, "--python-platform", system]
    command += ["--target", ROOT / "build" / "wheels", "--requirements", ROOT / "requirements.txt"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return " ".join(done.stderr.split()) if done.returncode else ""


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = [line.rpartition(" ")[2] for line in project["classifiers"]]
    found = {
        (python, system): missing(python, name)
        for python in told
        if python.startswith("3.")
        for system, name in SYSTEMS.items()
    }
    for (python, system), fault in found.items():
        print(f"Python {python} on {system}: {fault or 'a wheel for every pin'}")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
