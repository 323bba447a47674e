"""Made-up extracts: fictional people only, each file labelled so."""
