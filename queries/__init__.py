"""From questions to answers: catalogue, dialect, runner."""
