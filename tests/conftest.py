"""Hypothesis profiles; choose one with `--hypothesis-profile=thorough`."""

from hypothesis import settings

# No deadline: CI shares its cores, and a slow example is no wrong one.
settings.register_profile("default", deadline=None, max_examples=40)
settings.register_profile("quick", deadline=None, max_examples=10)
settings.register_profile("thorough", deadline=None, max_examples=2_000)
settings.load_profile("default")
