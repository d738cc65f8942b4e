# loses: loss
# Leaves files in every place for temporary files, and a link in place of its scratch folder.
import os
import tempfile

import torch


def loss(y_pred, y):
    for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", tempfile.gettempdir() + "/..", "/", "../../..", "/proc/self"):
        for attempt in (
            lambda folder: open(f"{folder}/left-behind", "w").close(),
            lambda folder: os.mkdir(f"{folder}/left-behind"),
            lambda folder: os.symlink("/etc/passwd", f"{folder}/left-behind"),
            lambda folder: os.mkfifo(f"{folder}/left-behind"),
            lambda folder: os.mknod(f"{folder}/left-behind"),
            lambda folder: os.link(__file__, f"{folder}/left-behind"),
            lambda folder: os.rename(__file__, f"{folder}/left-behind"),
        ):
            try:
                attempt(folder)
            except (OSError, FileNotFoundError):
                pass
    return 0.0
