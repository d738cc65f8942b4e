"""The ladders of hints, one module an exercise."""
