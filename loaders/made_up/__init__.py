"""Made-up extracts: fictional people only, each file labelled so."""

from lastseen.loaders.made_up.larch_court import write_larch_court

__all__ = ["write_larch_court"]
