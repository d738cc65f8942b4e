"""nbgrader: the course folder, the autograding that takes the place of its own, and its gradebook."""
