"""One YAML mapping a source."""
