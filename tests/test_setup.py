"""What setting up, sharing and installing the project rests on."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tradelib.ledger import load_figures

ROOT = Path(__file__).parents[1]
ARTICLES = ROOT.parent / "shared" / "articles"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def declared():
    """Every requirement of pyproject.toml by name: the package's own and its groups'."""
    groups = PROJECT["dependency-groups"]
    lines = [*PROJECT["project"]["dependencies"]]
    for group in groups.values():
        lines += [line for line in group if isinstance(line, str)]
    return {requirement.name: requirement for requirement in map(Requirement, lines)}


def pinned(file):
    text = (ROOT / file).read_text(encoding="utf-8")
    pins = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.M):
        pins.setdefault(name, []).append(version)
    return pins


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout, so there is no list of its files")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_the_pins_hold_what_is_declared():
    pins = pinned("requirements.txt")
    for name, requirement in declared().items():
        assert name in pins, f"{name} is declared but not pinned: run `make lock`"
        for version in pins[name]:
            assert version in requirement.specifier, f"{requirement} against the pin {version}"


def test_the_installer_is_pinned_as_in_the_requirements():
    assert pinned("requirements-setup.txt") == {"uv": pinned("requirements.txt")["uv"]}


def test_the_build_backend_is_pinned_once():
    (backend,) = PROJECT["build-system"]["requires"]
    assert pinned("requirements.txt")["hatchling"] == [backend.removeprefix("hatchling==")]


def test_conda_users_get_the_same():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = re.findall(r"^ +- ([a-z][a-z0-9._-]*[<>=][^#\n]*)", text, re.M)
    listed = {r.name: r for line in lines if (r := Requirement(line.strip()))}
    python = listed.pop("python")
    assert str(python.specifier) == str(
        Requirement(f"x{PROJECT['project']['requires-python']}").specifier
    )
    assert {name: str(r.specifier) for name, r in listed.items()} == {
        name: str(r.specifier) for name, r in declared().items()
    }


def test_every_pin_has_hashes_and_no_address():
    for file in ("requirements.txt", "requirements-setup.txt"):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert "://" not in text, file
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in block, block.splitlines()[0]


def test_no_file_names_a_registry_or_a_folder_of_a_machine():
    hosts = ["pypi" + ".org", "python" + "hosted.org", "registry." + "npmjs", "deb." + "debian.org"]
    hosts += ["conda." + "anaconda"]
    home = re.compile(r"(?<![\w.:/-])/(?:work|root|home|Users|tmp)/[\w.-]+")
    for path in tracked():
        text = text_of(path)
        assert not [host for host in hosts if host in text], f"{path.name} names a registry"
        found = home.search(text)
        assert not found, f"{path.name} holds the path {found and found[0]}"


def test_no_file_repeats_the_articles():
    if not ARTICLES.is_dir():
        pytest.skip("the articles' texts are not in the repository: they are their publishers'")

    def runs(text):
        words = re.findall(r"[a-z0-9]+", text.lower())
        return {tuple(words[i : i + 9]) for i in range(len(words) - 8)}

    theirs = set().union(*(runs(text_of(path)) for path in ARTICLES.glob("*.txt")))
    for path in tracked():
        assert not runs(text_of(path)) & theirs, f"{path.name} repeats nine words of an article"


def test_importing_loads_nothing_heavy():
    code = "import sys, tradelib; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"matplotlib", "currency_converter", "sphinx", "IPython", "PIL", "nbclient"}
    assert not heavy & set(done.stdout.split())


@pytest.mark.slow
def test_a_wheel_carries_the_data(tmp_path):
    """Installed into an empty environment, `import tradelib` works from any folder."""

    def run(*command, **kwargs):
        done = subprocess.run(command, capture_output=True, text=True, **kwargs)
        assert not done.returncode, done.stdout + done.stderr
        return done.stdout

    python = Path(sys.executable)
    uv = str(python.with_name("uv"))
    run(uv, "build", "--wheel", "--no-build-isolation", "--quiet", "--python", str(python),
        "--out-dir", str(tmp_path), str(ROOT))  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    run(uv, "venv", "--quiet", "--python", str(python), str(tmp_path / "empty"))
    new = tmp_path / "empty" / "bin" / "python"
    pins = tmp_path / "pins.txt"
    pins.write_text(
        "\n".join(f"{name}=={version}" for name, version in installed()), encoding="utf-8"
    )
    run(
        uv, "pip", "install", "--quiet", "--python", str(new), "--constraint", str(pins), str(wheel)
    )
    code = (
        "import json, tradelib as t;"
        "print(json.dumps([t.__file__, len(t.load_figures()), len(t.load_reference())]))"
    )
    file, figures, reference = json.loads(run(str(new), "-c", code, cwd=tmp_path))
    assert Path(file).is_relative_to(tmp_path / "empty")
    assert figures == len(load_figures())
    assert reference > 200
    assert "usage: tradelib" in run(str(new.with_name("tradelib")), "--help", cwd=tmp_path)


def installed():
    """Name and version of what the requirements pin for this Python."""
    from importlib.metadata import distributions

    return sorted(
        {
            (d.metadata["Name"], d.version)
            for d in distributions()
            if d.metadata["Name"].lower() != "tradelib"
        }
    )
