"""What a confined worker refuses, in a sentence for the student whose code asked for it, instead of an errno."""

import traceback

PROCESSES = "no threads or other processes can be started while grading; do it in plain calls"
NETWORK = "there is no network while grading; the data sets are in ../datasets"
FILE = "{name} is out of reach while grading; read the data sets, write to the current folder"
MISSING = "there is no {name} while grading; only the data sets, in ../datasets, come along with your file"

# Modules whose exceptions are about nothing else.
OF_THE_NETWORK = ("socket", "ssl", "urllib.error", "http.client", "requests.exceptions", "urllib3.exceptions")
# What Python and the C++ library say where a thread cannot be started.
OF_THREADS = ("can't start new thread", "Operation not permitted", "Resource temporarily unavailable")


def explained(error: BaseException) -> str | None:
    """Return the sentence for an exception that a refusal has caused, None for any other."""
    if isinstance(error, RuntimeError):
        return PROCESSES if str(error) in OF_THREADS else None
    if not isinstance(error, OSError):
        return None
    if type(error).__module__ in OF_THE_NETWORK or isinstance(error, ConnectionError):
        return NETWORK
    if error.errno is None or not isinstance(error, PermissionError | FileNotFoundError):
        return None  # the student's own, or one that would have come anywhere
    if error.filename is None:
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        return NETWORK if frames and frames[-1].f_globals.get("__name__") == "socket" else PROCESSES
    sentence = MISSING if isinstance(error, FileNotFoundError) else FILE
    return sentence.format(name=repr(error.filename)[:200])
