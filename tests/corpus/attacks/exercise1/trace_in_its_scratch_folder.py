# loses: loss
# Locks, links, nests and renames what is in its scratch folder, so that it cannot be removed.
import os

import torch


def loss(y_pred, y):
    os.makedirs("a/b/c")
    for path in ("a/b/c/file", "a/b/file", "a/\udcff\udcfe", "a/-rf", "a/new\nline"):
        open(path, "w").close()
    os.symlink("/", "a/b/root")
    os.symlink(os.path.dirname(os.readlink("datasets")), "a/kit")
    os.symlink("a", "a/a")
    os.remove("datasets")
    os.symlink("/etc", "datasets")
    os.rename("../exercises", "../moved")
    for path in ("a/b/c/file", "a/b/c", "a/b", "a", "."):
        os.chmod(path, 0)
    return 0.0
