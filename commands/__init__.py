"""The command line's groups of commands; `cli.py` puts them together."""
