"""A class's results in the forms that other systems read: pure functions of what is stored, and of the file to fill in.

A result that the grader failed on is no verdict and leaves these functions without a score.
"""
