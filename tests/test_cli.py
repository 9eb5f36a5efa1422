"""The command line: formats, several files, bad files, whole output."""

import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tradelib import cli
from tradelib.cli import FORMATS, csv_text, main
from tradelib.ledger import data_folder
from tradelib.wording import scan

TEXT = "Exports fell 2.5% to over $3bn.\r\nTariffs of up to 5%, 第1,200吨: 25.4万亿元.\r\n"
FIELDS = ["source", "start", "end", "surface", "kind", "value", "lower", "upper", "unit", "hedge"]


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "article.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    return path


COMMAND = "import sys; from tradelib.cli import main; sys.exit(main())"


def run(*arguments, stdin=b""):
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[1],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )


def shell(line):
    """Run a line of bash in which ``tradelib`` is the command."""
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(COMMAND)}"
    line = line.replace("tradelib", command, 1)
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        capture_output=True,
        check=False,
        encoding="utf-8",
        cwd=Path(__file__).parents[1],
    )


def test_jsonl_has_one_figure_a_line_and_null_for_open_bounds(article, capsys):
    assert main(["scan", str(article), "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(row) for row in rows] == [FIELDS] * 4
    assert [row["surface"] for row in rows] == ["2.5%", "over $3bn", "up to 5%", "25.4万亿元"]
    assert rows[2]["lower"] is None
    for row in rows:
        assert row["source"] == str(article)
        assert TEXT[row["start"] : row["end"]] == row["surface"]


def test_csv_and_table_hold_what_scan_finds(article, capsys):
    main(["scan", str(article), "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["value"]) for row in rows] == [mention.value for mention in scan(TEXT)]
    assert rows[2]["lower"] == "-inf"
    main(["scan", str(article)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == FIELDS
    assert len(lines) == 5


def test_standard_input_and_utf8_output_whatever_the_locale():
    done = run("scan", "-", "--format", "jsonl", stdin=TEXT.encode())
    rows = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert {row["source"] for row in rows} == {"-"}
    assert rows[-1]["surface"] == "25.4万亿元"


def test_bad_files_are_named_and_the_others_processed(article, tmp_path, capsys):
    (tmp_path / "latin.txt").write_bytes("5% für".encode("latin-1"))
    (tmp_path / "binary.txt").write_bytes(b"5%\0")
    names = ["missing.txt", "", "latin.txt", "article.txt", "binary.txt"]
    status = main(["scan", *(str(tmp_path / name) for name in names), "--format", "jsonl"])
    out, err = capsys.readouterr()
    assert status == 2
    assert len(out.splitlines()) == 4
    assert err.splitlines() == [
        f"tradelib: {tmp_path / 'missing.txt'}: No such file or directory",
        f"tradelib: {tmp_path}: Is a directory",
        f"tradelib: {tmp_path / 'latin.txt'}: 'utf-8' codec can't decode byte 0xfc in position 4: "
        "invalid start byte",
        f"tradelib: {tmp_path / 'binary.txt'}: byte 2 is zero, expected UTF-8 text",
    ]


def test_output_is_written_whole_or_not_at_all(article, tmp_path, capsys, monkeypatch):
    target = tmp_path / "out.csv"
    assert main(["scan", str(article), "--format", "csv", "--output", str(target)]) == 0
    whole = target.read_text(encoding="utf-8")
    assert len(whole.splitlines()) == 5
    assert capsys.readouterr().out == ""

    def full(self, goal):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert main(["scan", str(article), "--output", str(target)]) == 2
    assert capsys.readouterr().err == f"tradelib: cannot write {target}: No space left on device\n"
    assert target.read_text(encoding="utf-8") == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["article.txt", "out.csv"]


def test_output_in_a_missing_folder_is_refused(article, tmp_path, capsys):
    target = tmp_path / "none" / "out.csv"
    assert main(["scan", str(article), "--output", str(target)]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_nothing_is_written_where_no_file_can_be_read(tmp_path, capsys):
    target = tmp_path / "out.csv"
    assert main(["scan", str(tmp_path / "missing"), "--output", str(target)]) == 2
    assert not target.exists()
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_progress_is_told_of_several_files_on_a_terminal_only(article, capsys, monkeypatch):
    main(["scan", str(article), str(article)])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(cli.sys.stderr, "isatty", lambda: True, raising=False)
    main(["scan", str(article)])
    assert capsys.readouterr().err == ""
    main(["scan", str(article), str(article)])
    assert capsys.readouterr().err == f"1/2 {article}\n2/2 {article}\n"


def test_output_is_refused_where_it_would_harm(article, tmp_path, capsys):
    """Devices, pipes, folders and the file that is read are left alone."""
    pipe, loop = tmp_path / "pipe", tmp_path / "loop"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    before = article.read_bytes()
    for target in (Path(os.devnull), pipe, tmp_path, loop, article):
        assert main(["scan", str(article), "--output", str(target)]) == 2
        said = capsys.readouterr().err
        assert said.startswith(f"tradelib: cannot write {target}: ")
        assert len(said.splitlines()) == 1
    assert article.read_bytes() == before
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("command", ["scan {0} {1}", "draft {0}", "check {0}", "verify {0}"])
def test_output_does_not_overwrite_what_is_read(command, article, tmp_path, capsys):
    """Nor what could not be read: it is in another encoding."""
    latin = tmp_path / "latin.txt"
    latin.write_bytes("5% für".encode("latin-1"))
    files = command.format(article, latin).split()
    if command == "verify {0}":
        article.write_text("Exports came to 25.4 trillion RMB.")
    before = Path(files[-1]).read_bytes()
    about = ["--year", "2025"] if files[0] in ("draft", "check") else []
    assert main([*files, *about, "--output", files[-1]]) == 2
    assert "read by the same command" in capsys.readouterr().err
    assert Path(files[-1]).read_bytes() == before


@pytest.mark.slow
def test_output_does_not_overwrite_standard_input(article):
    before, path = article.read_bytes(), shlex.quote(str(article))
    done = shell(f"tradelib scan - --output {path} <{path}")
    assert done.returncode == 2
    assert "read by the same command" in done.stderr
    assert article.read_bytes() == before


def test_output_does_not_overwrite_the_tables(tmp_path, capsys):
    folder = Path(shutil.copytree(data_folder(), tmp_path / "data"))
    before = (folder / "figures.csv").read_bytes()
    target = str(folder / "figures.csv")
    assert main(["audit", "--data", str(folder), "--output", target]) == 2
    assert "read by the same command" in capsys.readouterr().err
    assert (folder / "figures.csv").read_bytes() == before


def test_links_are_followed_and_permissions_kept(article, tmp_path):
    target, link, new = tmp_path / "out.csv", tmp_path / "link.csv", tmp_path / "new.csv"
    target.write_text("earlier")
    target.chmod(0o604)
    link.symlink_to(target)
    before = os.umask(0o027)
    try:
        assert main(["scan", str(article), "--output", str(link)]) == 0
        assert main(["scan", str(article), "--output", str(new)]) == 0
    finally:
        os.umask(before)
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("source")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (target, new)] == [0o604, 0o640]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("redirection", "said"),
    [
        ("scan - <&-", "tradelib: -: standard input is closed\n"),
        ("scan {} >&-", "tradelib: cannot write: standard output is closed\n"),
        ("scan {} >/dev/full", "tradelib: cannot write standard output: No space left on device\n"),
        ("scan {0} {0} {0}nothing 2>&-", ""),
    ],
)
def test_closed_and_full_streams_are_one_sentence(article, redirection, said):
    done = shell(f"tradelib {redirection.format(shlex.quote(str(article)))}")
    assert (done.returncode, done.stderr) == (2, said)
    assert "tradelib" not in done.stdout


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_error(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("Up 5%.\n" * 20000, encoding="utf-8")
    done = shell(f"tradelib scan {shlex.quote(str(path))} | head -n 1")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_an_interruption_is_one_word():
    ready = "print('ready', flush=True); "
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND.replace("sys.exit", f"{ready}sys.exit"), "scan", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # which `&` has ignored
    ) as running:
        assert running.stdout.readline() == "ready\n"
        time.sleep(0.5)  # it then waits for its input
        running.send_signal(signal.SIGINT)
        running.wait()
        assert running.stderr.read() == "tradelib: interrupted\n"
    assert running.returncode == 130


NASTY = ["=HYPERLINK(1)", "+1+1", "@x", "<img src=x>|`b`", "[a](javascript:x)", "\x1b[31mred\nb"]


CELLS = {
    "name": ["a/b", "é, longer"],
    "n": [1.5, -20.12345678901],
    "of": [("x", "y"), ()],
    "gap": [None, float("inf")],
}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (
            "table",
            "name                  n  of   gap\na/b                 1.5  x;y\n"
            "é, longer  -20.12345679       inf\n",
        ),
        ("csv", 'name,n,of,gap\na/b,1.5,x;y,\n"é, longer",-20.12345678901,,inf\n'),
        (
            "jsonl",
            '{"name":"a/b","n":1.5,"of":["x","y"],"gap":null}\n'
            '{"name":"é, longer","n":-20.12345678901,"of":[],"gap":null}\n',
        ),
        (
            "md",
            "| name | n | of | gap |\n| --- | --- | --- | --- |\n| a/b | 1.5 | x;y |  |\n"
            "| é, longer | -20.12345679 |  | inf |\n",
        ),
    ],
)
def test_a_table_looks_the_same_in_each_form_every_time(form, text):
    assert FORMATS[form](pd.DataFrame(CELLS)) == text


def test_findings_are_blocks_that_leave_out_what_is_not_said(capsys):
    assert main(["audit", "--no-reference"]) == 0
    first, second, *_ = capsys.readouterr().out.split("\n\n")
    assert [line.partition(": ")[0] for line in first.splitlines()[2:]] == [
        "  suggestion",
        "  figures",
    ]
    for block in (first, second):
        verdict, evidence, *_ = block.splitlines()
        assert re.fullmatch(r"CONTRADICTS \(\w+, [a-z0-9-]+\)", verdict)
        assert evidence.startswith("  ")


def test_text_of_others_becomes_no_formula():
    others = ["over 7%", "20%↓", "", "'quoted'", "a=b\n=c"]
    table = pd.DataFrame({"a": [*NASTY, *others], "n": -1.5})
    rows = list(csv.reader(io.StringIO(csv_text(table))))[1:]
    assert [row[0] for row in rows] == [*(f"'{cell}" for cell in NASTY[:3]), *NASTY[3:], *others]
    assert {row[1] for row in rows} == {"-1.5"}
    raw = list(csv.reader(io.StringIO(csv_text(table, raw=True))))[1:]
    assert [row[0] for row in raw] == [*NASTY, *others]


def test_text_of_others_becomes_no_markup_or_terminal_command():
    nasty = pd.DataFrame({"a": NASTY})
    table, marked = (FORMATS[form](nasty).splitlines() for form in ("table", "md"))
    assert table[-1].strip() == "[31mred b"
    assert marked[5:] == [
        r"| \<img src=x\>\|\`b\` |",
        r"| \[a\](javascript:x) |",
        r"|  \[31mred b |",
    ]


def test_every_command_shows_an_example(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = re.findall(r"^    (\w+) ", capsys.readouterr().out, re.M)
    assert {"scan", "verify", "audit"} <= set(commands)
    for command in commands:
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert f"example: tradelib {command} " in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["scan"], ["scan", "x", "--format", "xml"], ["paint"]])
def test_wrong_use_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as leaving:
        main(arguments)
    assert leaving.value.code == 2
    assert "usage: tradelib" in capsys.readouterr().err
