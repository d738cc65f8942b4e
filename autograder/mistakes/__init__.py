"""The banks of known mistakes, one module an exercise, and what several of them say."""
