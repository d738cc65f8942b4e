"""The fork server: a fresh interpreter that holds torch and nothing secret, and forks a worker for each submission.

`main` is called with its end of the control socket, the folder of all scratch folders, and what is
switched off in it. One JSON request, one JSON reply:

    {"op": "import", "modules": [names]}                 -> {}      import libraries once, for all later workers
    {"op": "fork", "scratch": path, "datasets": path, "limits": {...}, "confined": bool}
        with two descriptors, the worker's pipe and its output                   -> {"pid"}
    {"op": "prove", "secret": path, and as for "fork"}   -> {"leaks"}    what a confined worker could still do, tried
    {"op": "end", "pid": pid}                            -> {"status"}   kill a worker with all it started, and reap it

A pid that is none of its workers' is left alone, and answered as one that was killed.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.worker import confine, huge_pages, landlock, seccomp, serve
from autograder.worker import scratch as scratch_folders
from autograder.worker.preload import seed, warm_up

MANY = 50  # requests, by which time a class is graded, and a third of a second is well spent on the forks to come
MAX_GENERATIONS = 100  # of processes that start others while they are being ended


def import_modules(modules: list[str]) -> dict[str, Any]:
    """Import what is there; what is missing is the student's business, in their own process."""
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    seed()
    gc.freeze()
    return {}


def prove(request: dict[str, Any], places: list[landlock.Place]) -> dict[str, Any]:
    """Have a confined child try what must not work; what did, or why it could not be confined."""
    if not (landlock.version() and seccomp.available()):
        return {"leaks": ["this kernel has no Landlock"]}
    reading, writing = os.pipe()
    grader, outside = os.getppid(), Path(request["scratch"]).parent

    def attempt() -> None:
        leaks = confine.leaks(Path(request["secret"]), outside, grader)
        os.write(confine.RPC, json.dumps(leaks).encode())

    pid = fork(request, writing, writing, places, attempt)
    os.close(writing)
    with open(reading, encoding="utf-8") as answer:  # noqa: PTH123 - a descriptor
        text = answer.read()
    os.waitpid(pid, 0)
    return {"leaks": json.loads(text) if text.startswith("[") else [text or "the child ended early"]}


def fork_worker(
    control: socket.socket, request: dict[str, Any], descriptors: list[int], places: list[landlock.Place]
) -> dict[str, Any]:
    """Fork; the child becomes a worker and never returns."""
    rpc, output = descriptors

    def serve_grader() -> None:
        control.detach()
        serve.serve(confine.RPC)

    pid = fork(request, rpc, output, places, serve_grader)
    os.close(rpc)
    os.close(output)
    return {"pid": pid}


def fork(request: dict[str, Any], rpc: int, output: int, places: list[landlock.Place], run: Callable[[], None]) -> int:
    """Fork a child that is confined as the request says, and runs `run` and nothing else; its pid."""
    address_space = confine.address_space()  # asked here: a child would pay for each page that it touches first
    pid = os.fork()
    if pid == 0:
        try:
            scratch, datasets = Path(request["scratch"]), Path(request["datasets"])
            confinement = confine.Confinement(scratch, datasets, request["limits"], request["confined"], address_space)
            confine.confine(rpc, output, confinement, places)
            run()
        except OSError as error:
            os.write(output, str(error).encode())
        finally:
            os._exit(0)  # no atexit handler and no destructor of the student's gets a word
    return pid


def end_worker(pid: int) -> dict[str, Any]:
    """Kill a worker's whole group and return how it ended: an exit code, or minus the signal.

    The pid is still ours, for nobody else reaps it, and a worker that had ended by itself keeps its own status.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return {"status": os.waitstatus_to_exitcode(status)}


def end_strays(workers: set[int]) -> None:
    """End the processes that ended workers have left behind: on Linux they are this one's children by now."""
    for _ in range(MAX_GENERATIONS):
        strays = _children() - workers
        if not strays:
            break
        for pid in strays:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for pid in strays:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children() -> set[int]:
    try:
        text = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:  # not Linux, or a kernel without this file
        return set()
    return {int(pid) for pid in text.split()}


def answer(control: socket.socket, workers: set[int], places: list[landlock.Place]) -> bool:
    """Answer one request, keeping count of the workers; False where the grader has closed the control socket."""
    data, descriptors, _, _ = socket.recv_fds(control, 65536, 2)
    if not data:
        return False
    request = json.loads(data)
    if request["op"] == "import":
        reply = import_modules(request["modules"])
    elif request["op"] == "prove":
        reply = prove(request, places)
    elif request["op"] == "fork":
        reply = fork_worker(control, request, descriptors, places)
        workers.add(reply["pid"])
    else:
        reply = {"status": -signal.SIGKILL}
        if request["pid"] in workers:
            workers.remove(request["pid"])
            reply = end_worker(request["pid"])
        end_strays(workers)
    control.sendall(json.dumps(reply).encode())
    return True


def main(descriptor: int, scratch: str, flavour: str) -> None:
    """Serve until the grader closes the control socket, or has gone; then take every worker and all scratch along."""
    confine.adopt_orphans()
    control = socket.socket(fileno=descriptor)
    warm_up(flavour)
    serve.hide_ourselves()
    gc.collect()
    gc.freeze()  # a collection in a worker would otherwise touch, and so copy, every page that it shares with us
    places = confine.prepare()
    workers: set[int] = set()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a grader killed with a request under way
        answered = 0
        while answer(control, workers, places):
            answered += 1
            if answered == MANY:
                huge_pages.collapse()
    for pid in workers:
        end_worker(pid)
    end_strays(set())
    scratch_folders.remove(Path(scratch))  # a grader that was killed cannot
    os._exit(0)  # tearing torch down takes a tenth of a second, and there is nothing to save
