"""Lastseen: who has seen this child, and when last?"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("lastseen")
except PackageNotFoundError:  # a checkout that nobody installed
    __version__ = "0.0.0"
