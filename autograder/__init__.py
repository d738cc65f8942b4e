"""The autograder of the backpropagation exercises."""
