"""What is read from objects in the worker, and what is due there: the only code of exercises in a student kit."""
