"""The hidden checks, one module an exercise."""
