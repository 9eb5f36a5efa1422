"""Tests of `tradelib.wording`; a package, so that its conftest and another's are two modules."""
