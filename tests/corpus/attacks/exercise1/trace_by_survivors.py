# loses: loss
# Leaves processes behind: by double fork, in a session of their own, by a daemon, and by nohup.
import os
import subprocess
import time

import torch


def loss(y_pred, y):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(60)
            os._exit(0)
    except OSError:
        pass
    try:
        subprocess.Popen(["nohup", "sleep", "60"], start_new_session=True)
    except OSError:
        pass
    return 0.0
