"""Laws are tried on the same examples each time; `--hypothesis-profile thorough` tries others."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile("steady")
