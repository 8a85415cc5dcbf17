"""`python -m api` is `notes2plan`."""

from api.cli import main

main()
