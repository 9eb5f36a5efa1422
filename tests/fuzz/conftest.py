"""The fuzz targets are run by hand, with atheris, and are no tests for pytest to collect."""

collect_ignore_glob = ["fuzz_*.py"]
