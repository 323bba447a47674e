"""What must be hidden, and from whom."""
