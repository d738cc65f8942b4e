"""The autograder of the backpropagation exercises."""

__version__ = "0.1.0"
