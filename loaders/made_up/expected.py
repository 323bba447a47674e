"""What Larch Court's signals should say, worked out by hand: the replay prints it beside what they do say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("larch_court_signals.yaml")


def expected() -> dict[str, Any]:
    """`first` days by child and signal, `again`, `until`, `before_1400`, `day_1642`, `days_of_g01`: days after T0."""
    said: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return said
