"""`python -m guardedpersonalize`."""

from guardedpersonalize.cli import main

main()
