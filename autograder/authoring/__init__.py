"""An author's files: scripts with solution regions, and the stubs, notebooks and lists that are made of them."""
