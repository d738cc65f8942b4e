"""A student's file: which one is meant, its bytes as cells, and what they define."""
