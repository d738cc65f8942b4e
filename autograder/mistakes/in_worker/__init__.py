"""Mistakes that hang on what was observed of a student's objects: a student kit has them as they stand."""
