"""Mistakes in what is read from objects in the worker: part of the student kit as they stand."""
