"""From agencies' extracts to typed records."""
