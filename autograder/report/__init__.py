"""The forms a report takes: one module each, pure functions of a Report."""
