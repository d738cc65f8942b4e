"""What honest students do, one thing a function. Loaded as a submission; each function returns True."""

import torch
import torch.nn as nn
import torch.nn.functional as F

# The standard library


def json_round_trip():
    import json

    return json.loads(json.dumps({"a": [1, 2.5, None]})) == {"a": [1, 2.5, None]}


def csv_written_and_read():
    import csv

    with open("table.csv", "w", newline="") as file:
        csv.writer(file).writerows([["x", "y"], [1, 2]])
    with open("table.csv", newline="") as file:
        return next(csv.DictReader(file)) == {"x": "1", "y": "2"}


def a_pool_of_threads():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        failing = pool.submit(int, "x")
        return list(pool.map(abs, [-1, 2])) == [1, 2] and isinstance(failing.exception(), ValueError)


def threads_with_a_large_stack():
    import sys
    import threading

    def deep(number):
        return 1 + deep(number - 1) if number else 0

    found, failing = [], threading.Thread(target=lambda: 1 / 0)
    sys.setrecursionlimit(10**6)
    before = threading.stack_size(256 * 2**20)
    thread = threading.Thread(target=lambda: found.append(deep(20_000)))
    for each in (thread, failing):
        each.start()
        each.join(timeout=5)
    threading.stack_size(before)
    return found == [20_000] and not thread.is_alive()


def an_asynchronous_thread():
    import asyncio

    return asyncio.run(asyncio.to_thread(abs, -1)) == 1


def regular_expressions():
    import re

    return re.findall(r"\d+", "a1b22") == ["1", "22"]


def random_numbers():
    import random

    random.seed(3)
    first = random.gauss(0, 1), random.choice("abc"), random.sample(range(9), 3)
    random.seed(3)
    return first == (random.gauss(0, 1), random.choice("abc"), random.sample(range(9), 3))


def statistics_of_a_list():
    import statistics

    return statistics.mean([1, 2, 3]) == 2 and statistics.stdev([1, 2, 3]) == 1


def dataclass_with_defaults():
    from dataclasses import asdict, dataclass, field, replace

    @dataclass(frozen=True, order=True)
    class Line:
        a: float
        b: float = 0.0
        history: list[float] = field(default_factory=list)

    return asdict(replace(Line(1.0), b=2.0)) == {"a": 1.0, "b": 2.0, "history": []}


def typing_names():
    from typing import Any, NamedTuple, Protocol, TypedDict, get_type_hints

    class Point(NamedTuple):
        x: float
        more: Any = None

    class Options(TypedDict):
        rate: float

    class Callable(Protocol):
        def __call__(self, x: float) -> float: ...

    return get_type_hints(Point)["x"] is float and Options(rate=1.0)["rate"] == 1.0 and Callable is not None


def itertools_and_functools():
    import functools
    import itertools

    @functools.lru_cache
    def square(x):
        return x * x

    total = functools.reduce(lambda a, b: a + b, map(square, itertools.chain([1], [2, 3])))
    return total == 14 and list(itertools.pairwise("abc")) == [("a", "b"), ("b", "c")]


def collections_of_all_kinds():
    from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple

    seen = defaultdict(list)
    seen["a"].append(1)
    return (
        Counter("aab")["a"] == 2
        and deque([1, 2], maxlen=1)[0] == 2
        and ChainMap(seen)["a"] == [1]
        and namedtuple("P", "x y")(1, 2).y == 2
        and list(OrderedDict(a=1)) == ["a"]
    )


def math_and_cmath():
    import cmath
    import math

    return math.isclose(math.hypot(3, 4), 5) and cmath.isclose(cmath.exp(1j * math.pi), -1)


def exact_arithmetic():
    from decimal import Decimal, getcontext
    from fractions import Fraction

    getcontext().prec = 50
    return Fraction(1, 3) + Fraction(1, 6) == Fraction(1, 2) and Decimal("0.1") + Decimal("0.2") == Decimal("0.3")


def dates_and_time_zones():
    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    there = datetime.now(UTC).astimezone(ZoneInfo("Europe/Berlin"))
    return datetime.now() + timedelta(days=1) > datetime.now() and there.tzinfo is not None


def clocks_and_a_short_sleep():
    import time

    start = time.perf_counter(), time.monotonic(), time.process_time(), time.time()
    time.sleep(0.01)
    return time.perf_counter() > start[0] and time.strftime("%Y") >= "2024" and time.localtime() is not None


def pathlib_in_its_folder():
    from pathlib import Path

    folder = Path("results")
    folder.mkdir(exist_ok=True)
    (folder / "a.txt").write_text("1")
    (folder / "a.txt").rename(folder / "b.txt")
    found = [path.name for path in folder.glob("*.txt")]
    (folder / "b.txt").unlink()
    folder.rmdir()
    return found == ["b.txt"] and Path(__file__).read_text(encoding="utf-8").startswith('"""What honest')


def os_functions():
    import os

    os.makedirs("deep/er", exist_ok=True)
    os.rmdir("deep/er")
    return (
        os.path.basename(os.getcwd()) == "exercises"
        and "deep" in os.listdir()
        and os.path.isfile(__file__)
        and os.environ.get("NOTHING") is None
        and (os.cpu_count() or 1) >= 1
        and os.getpid() > 0
        and len(os.urandom(4)) == 4
    )


def walking_and_globbing():
    import glob
    import os

    return (
        any("line.csv" in names for _, _, names in os.walk("../datasets")) and len(glob.glob("../datasets/*.csv")) >= 4
    )


def temporary_files():
    import tempfile

    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile("w+", dir=folder) as file:
        file.write("1")
        file.seek(0)
        return file.read() == "1" and tempfile.gettempdir() != ""


def copying_and_moving():
    import os
    import shutil

    with open("one", "w") as file:
        file.write("1")
    shutil.copy("one", "two")
    shutil.copy2("one", "three")
    os.chmod("three", 0o600)
    shutil.move("two", "four")
    return open("four").read() == "1" and shutil.disk_usage(".").total > 0


def streams_in_memory():
    import contextlib
    import io

    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        print("ŷ = 1.5")
    return text.getvalue() == "ŷ = 1.5\n" and io.BytesIO(b"x").read() == b"x"


def logging_of_all_kinds():
    import logging

    logging.basicConfig(level=logging.INFO, force=True)
    logging.getLogger("training").info("epoch %d", 1)
    handler = logging.FileHandler("training.log")
    logging.getLogger("file").addHandler(handler)
    logging.getLogger("file").warning("loss %.2f", 0.5)
    handler.close()
    return "loss 0.50" in open("training.log").read()


def warnings_raised_and_silenced():
    import warnings

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn("careful", stacklevel=2)
    warnings.filterwarnings("ignore")
    return len(caught) == 1


def unit_tests():
    import io
    import unittest

    class Checks(unittest.TestCase):
        def test_sum(self):
            self.assertAlmostEqual(0.1 + 0.2, 0.3)

    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Checks)
    return unittest.TextTestRunner(stream=io.StringIO()).run(suite).wasSuccessful()


def doctests():
    """Twice.

    >>> 2 * 3
    6
    """
    import doctest

    found = doctest.DocTestFinder().find(doctests, globs={})
    return all(doctest.DocTestRunner().run(test).failed == 0 for test in found)


def command_line_arguments():
    import argparse
    import sys

    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=10)
    return parser.parse_args(sys.argv[1:]).epochs == 10


def copies():
    import copy

    given = {"a": torch.ones(2), "b": [1, [2]]}
    deep = copy.deepcopy(given)
    deep["a"] += 1
    return float(given["a"][0]) == 1 and copy.copy(given)["b"] is given["b"]


class Model:
    def __init__(self):
        self.weights = [1.0, 2.0]


def pickles():
    import pickle

    return pickle.loads(pickle.dumps(Model())).weights == [1.0, 2.0]


def hashes_and_encodings():
    import base64
    import binascii
    import hashlib
    import hmac

    digest = hashlib.sha256(b"x").hexdigest()
    return (
        digest.startswith("2d711642")
        and base64.b64decode(base64.b64encode(b"x")) == b"x"
        and hmac.new(b"k", b"x", "sha256").digest()
        and binascii.crc32(b"x") > 0
    ) is True


def packed_bytes():
    import array
    import struct

    return struct.unpack("<d", struct.pack("<d", 1.5)) == (1.5,) and array.array("d", [1.0])[0] == 1.0


def archives_and_compression():
    import bz2
    import gzip
    import lzma
    import tarfile
    import zipfile
    import zlib

    with zipfile.ZipFile("a.zip", "w") as archive:
        archive.writestr("x", "1")
    with tarfile.open("a.tar", "w") as tar:
        tar.add("a.zip")
    with gzip.open("a.gz", "wt") as file:
        file.write("1")
    with gzip.open("a.gz", "rt") as file:
        text = file.read()
    packed = (
        zlib.decompress(zlib.compress(b"1")),
        bz2.decompress(bz2.compress(b"1")),
        lzma.decompress(lzma.compress(b"1")),
    )
    return zipfile.ZipFile("a.zip").read("x") == b"1" and text == "1" and packed == (b"1", b"1", b"1")


def databases():
    import sqlite3

    for place in (":memory:", "runs.db"):
        connection = sqlite3.connect(place)
        connection.execute("create table runs(loss real)")
        connection.execute("insert into runs values (0.5)")
        connection.commit()
        if connection.execute("select loss from runs").fetchone() != (0.5,):
            return False
        connection.close()
    return True


def context_managers():
    from contextlib import ExitStack, contextmanager, nullcontext, suppress

    seen = []

    @contextmanager
    def noted(name):
        seen.append(name)
        yield name
        seen.append("end")

    with ExitStack() as stack, suppress(ZeroDivisionError), nullcontext():
        stack.enter_context(noted("one"))
        1 / 0  # noqa: B018
    return seen == ["one", "end"]


def enumerations_and_abstract_classes():
    from abc import ABC, abstractmethod
    from enum import Enum, auto

    class Kind(Enum):
        LINEAR = auto()

    class Layer(ABC):
        @abstractmethod
        def forward(self): ...

    class Line(Layer):
        def forward(self):
            return Kind.LINEAR

    return Line().forward().name == "LINEAR"


def source_inspected():
    import inspect

    text = inspect.getsource(source_inspected)
    return (
        "getsource" in text
        and "forward" in inspect.getsource(nn.Linear)
        and "a" in inspect.signature(lambda a: a).parameters
    )


def syntax_trees():
    import ast
    import dis
    import tokenize

    return (
        ast.literal_eval("[1, 2]") == [1, 2]
        and ast.unparse(ast.parse("x=1")) == "x = 1"
        and dis is not None
        and tokenize is not None
    )


def tracebacks():
    import traceback

    try:
        torch.ones(2, 3) @ torch.ones(2, 3)
    except RuntimeError:
        return "torch.ones(2, 3) @ torch.ones(2, 3)" in traceback.format_exc()


def texts():
    import string
    import textwrap
    import unicodedata

    return (
        textwrap.dedent("  a\n  b") == "a\nb"
        and string.Template("$x").substitute(x=1) == "1"
        and unicodedata.name("ŷ").startswith("LATIN")
        and f"{3.14159:.2f}" == "3.14"
    )


def pretty_printing():
    import pprint

    return pprint.pformat({"b": 1, "a": 2}) == "{'a': 2, 'b': 1}"


def asynchronous_code():
    import asyncio

    async def step(x):
        await asyncio.sleep(0.001)
        return x + 1

    async def steps():
        return await asyncio.gather(step(1), step(2))

    return asyncio.run(steps()) == [2, 3]


def who_and_where():
    import getpass
    import platform
    import socket
    import sys
    import uuid

    return bool(
        getpass.getuser()
        and platform.platform()
        and socket.gethostname()
        and uuid.uuid4()
        and sys.version_info >= (3, 11)
    )


def locales():
    import locale

    locale.setlocale(locale.LC_ALL, "C")
    return locale.localeconv()["decimal_point"] == "."


def heaps_and_bisection():
    import bisect
    import heapq
    import operator

    return (
        heapq.nsmallest(1, [3, 1, 2]) == [1] and bisect.bisect([1, 3], 2) == 1 and operator.itemgetter(1)([5, 6]) == 6
    )


def weak_references_and_the_collector():
    import gc
    import weakref

    model = Model()
    reference = weakref.ref(model)
    del model
    gc.collect()
    return reference() is None


def configuration_files():
    import configparser
    import tomllib

    parser = configparser.ConfigParser()
    parser.read_string("[training]\nrate = 0.1\n")
    return parser.getfloat("training", "rate") == 0.1 and tomllib.loads("rate = 0.1") == {"rate": 0.1}


def markup():
    import html
    import xml.etree.ElementTree as tree
    from urllib.parse import urlencode, urlparse

    return (
        html.escape("<") == "&lt;"
        and tree.fromstring("<a>1</a>").text == "1"
        and urlparse("http://x/y").path == urlencode({"y": ""})[:0] + "/y"
    )


def alarms():
    import signal

    def late(*_):
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    try:
        while True:
            pass
    except TimeoutError:
        return True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def locks_and_queues():
    import queue
    import threading

    waiting = queue.Queue()
    with threading.Lock():
        waiting.put(1)
    return waiting.get() == 1 and threading.current_thread().name == "MainThread" and threading.local() is not None


def time_measured():
    import timeit

    return timeit.timeit("1 + 1", number=10) >= 0


def profile():
    import cProfile
    import io
    import pstats

    with cProfile.Profile() as profiler:
        sum(range(10))
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).print_stats()
    return "function calls" in text.getvalue()


def memory_measured():
    import resource
    import sys
    import tracemalloc

    tracemalloc.start()
    kept = [0] * 1000
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size > 0 and sys.getsizeof(kept) > 0 and resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0


def recursion_limit():
    import sys

    sys.setrecursionlimit(3000)

    def deep(n):
        return 0 if n == 0 else 1 + deep(n - 1)

    return deep(2000) == 2000


def exit_handlers():
    import atexit

    atexit.register(print, "bye")
    return True


def input_at_its_end():
    try:
        return input("How many epochs? ") is None
    except EOFError:
        return True


def progress_printed():
    import sys

    for epoch in range(3):
        print(f"\repoch {epoch}", end="", flush=True)
    sys.stderr.write("done\n")
    return not sys.stdout.isatty()


def secrets_and_big_numbers():
    import secrets

    return len(secrets.token_hex(4)) == 8 and 2**1000 % 7 in range(7)


def modules_loaded_by_name():
    import importlib

    return importlib.import_module("math").pi > 3 and __import__("os").sep == "/"


# Data sets and pictures


def data_sets():
    import csv
    from pathlib import Path

    names = ("line.csv", "line_noisy.csv", "stopping_distance.csv", "diabetes.csv")
    rows = [len(list(csv.reader(open(f"../datasets/{name}")))) for name in names]
    return min(rows) > 50 and (Path(__file__).parent.parent / "datasets" / "line.csv").exists() and rows[3] == 443


def data_with_numpy():
    import numpy as np

    x, y = np.loadtxt("../datasets/line.csv", delimiter=",", skiprows=1, unpack=True)
    named = np.genfromtxt("datasets/line.csv", delimiter=",", names=True)
    return np.allclose(y, 2 * x + 10) and named.shape == (50,)


def a_picture():
    import matplotlib.pyplot as plt
    import numpy as np

    figure, axes = plt.subplots(2)
    axes[0].plot([1, 2], [3, 4], "o-", label=r"$\hat y$")
    axes[1].imshow(np.eye(3))
    axes[0].legend()
    plt.title("Loss")
    plt.tight_layout()
    plt.show()
    for form in ("png", "svg", "pdf"):
        figure.savefig(f"loss.{form}")
    plt.close("all")
    return open("loss.png", "rb").read(4) == b"\x89PNG"


# NumPy


def numpy_linear_algebra():
    import numpy as np

    a = np.arange(9.0).reshape(3, 3) + np.eye(3)
    u, s, v = np.linalg.svd(a)
    return (
        np.allclose(u * s @ v, a)
        and np.allclose(a @ np.linalg.solve(a, np.ones(3)), 1)
        and np.allclose(np.linalg.inv(a) @ a, np.eye(3))
        and np.linalg.eigvals(a).shape == (3,)
        and np.linalg.lstsq(a, np.ones(3), rcond=None)[0].shape == (3,)
    )


def numpy_large_product():
    import numpy as np

    a = np.random.default_rng(0).normal(size=(300, 300))
    return (a @ a.T).shape == (300, 300)


def numpy_random_numbers():
    import numpy as np

    np.random.seed(1)
    return np.random.default_rng(0).integers(10) < 10 and np.random.rand(3).shape == (3,)


def numpy_transforms_and_fits():
    import numpy as np

    return np.allclose(np.fft.ifft(np.fft.fft(np.ones(8))), 1) and np.allclose(
        np.polyfit([0, 1, 2], [1, 3, 5], 1), [2, 1]
    )


def numpy_files():
    import numpy as np

    np.save("a.npy", np.ones(3))
    np.savez("a.npz", x=np.ones(3))
    np.savetxt("a.txt", np.ones(3))
    mapped = np.load("a.npy", mmap_mode="r")
    return float(np.load("a.npz")["x"].sum() + np.loadtxt("a.txt").sum() + mapped.sum()) == 9.0


# torch


def torch_saved_and_loaded():
    model = nn.Linear(2, 1)
    torch.save({"w": torch.ones(2), "model": model.state_dict()}, "state.pt")
    loaded = torch.load("state.pt", weights_only=True)
    model.load_state_dict(loaded["model"])
    return float(loaded["w"].sum()) == 2.0


def torch_linear_algebra():
    a = torch.arange(9.0).reshape(3, 3) + torch.eye(3)
    u, s, v = torch.linalg.svd(a)
    return (
        torch.allclose(u * s @ v, a, atol=1e-4)
        and torch.allclose(a @ torch.linalg.solve(a, torch.ones(3)), torch.ones(3), atol=1e-4)
        and torch.linalg.eigh(a @ a.T)[0].shape == (3,)
        and torch.linalg.qr(a)[0].shape == (3, 3)
        and bool(torch.linalg.det(a) != 0)
    )


def torch_large_product():
    a = torch.randn(300, 300)
    return (a @ a.T).shape == (300, 300)


def torch_einsum_and_vmap():
    x, w = torch.ones(4, 3), torch.ones(3)
    return torch.equal(torch.einsum("ij,j->i", x, w), torch.vmap(torch.dot, in_dims=(0, None))(x, w))


def torch_default_dtype():
    torch.set_default_dtype(torch.float64)
    is_double = torch.ones(1).dtype == torch.float64
    torch.set_default_dtype(torch.float32)
    return is_double


def torch_seeds():
    torch.manual_seed(1)
    first = torch.rand(3)
    generator = torch.Generator().manual_seed(1)
    return torch.equal(first, torch.rand(3, generator=generator)) and torch.initial_seed() == 1


def torch_settings():
    torch.use_deterministic_algorithms(True)
    torch.set_printoptions(precision=8, sci_mode=False)
    torch.set_float32_matmul_precision("high")
    torch.backends.cudnn.benchmark = False
    torch.use_deterministic_algorithms(False)
    return True


def torch_threads():
    torch.set_num_threads(4)
    torch.set_num_interop_threads(2)
    return float((torch.ones(200, 200) @ torch.ones(200, 200)).sum()) == 200.0**3 and torch.get_num_threads() >= 1


def torch_devices():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.set_default_device(device)
    return torch.ones(1, device=device).to(device).cpu().device.type == "cpu" and not torch.backends.mps.is_available()


def torch_modules():
    class Line(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList([nn.Linear(2, 2), nn.ReLU()])
            self.register_buffer("count", torch.zeros(()))

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return x

    model = Line().double().eval()
    names = [name for name, _ in model.named_parameters()]
    return model(torch.ones(1, 2).double()).shape == (1, 2) and len(names) == 2 and "count" in model.state_dict()


def torch_initialisation_and_layers():
    layer = nn.Linear(3, 3)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    x = torch.ones(2, 3)
    stack = nn.Sequential(layer, nn.Tanh(), nn.Dropout(0.5), nn.LayerNorm(3), nn.BatchNorm1d(3)).eval()
    return stack(x).shape == (2, 3) and F.softmax(x, 1).sum() == 2 and nn.LSTM(3, 2)(x)[0].shape == (2, 2)


def torch_data_loaders():
    from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split

    class Squares(Dataset):
        def __len__(self):
            return 5

        def __getitem__(self, at):
            return torch.tensor(float(at)), torch.tensor(float(at**2))

    parts = random_split(Squares(), [3, 2])
    batches = list(DataLoader(TensorDataset(torch.arange(5.0)), batch_size=2, shuffle=True))
    return len(batches) == 3 and len(list(DataLoader(parts[0], batch_size=2, drop_last=True))) == 1


def torch_distributions():
    from torch.distributions import Categorical, MultivariateNormal, Normal

    return (
        Normal(0.0, 1.0).sample((3,)).shape == (3,)
        and MultivariateNormal(torch.zeros(2), torch.eye(2)).log_prob(torch.zeros(2)) < 0
        and int(Categorical(torch.ones(3) / 3).sample()) < 3
    )


def torch_numpy_bridge():
    import numpy as np

    array = np.ones(3)
    tensor = torch.from_numpy(array)
    tensor += 1
    return (
        array.sum() == 6 and torch.ones(2).numpy().tolist() == [1.0, 1.0] and torch.tensor(array).dtype == torch.float64
    )


def torch_printed():
    print(torch.arange(3), nn.Linear(1, 1), torch.ones(2, requires_grad=True))
    return "Linear" in repr(nn.Linear(1, 1))


def torch_benchmarked():
    from torch.utils.benchmark import Timer

    return Timer("x + 1", globals={"x": torch.ones(1)}).timeit(2).mean > 0


def torch_compiled_and_scripted():
    @torch.compile
    def twice(x):
        return 2 * x

    traced = torch.jit.trace(lambda x: 2 * x, torch.ones(1))
    scripted = torch.jit.script(nn.Linear(1, 1))
    return (
        float(twice(torch.ones(1))) == 2.0
        and float(traced(torch.ones(1))) == 2.0
        and scripted(torch.ones(1, 1)).shape == (1, 1)
    )


def torch_testing():
    torch.testing.assert_close(torch.ones(2), torch.ones(2))
    return torch.allclose(torch.ones(2), torch.ones(2)) and torch.equal(torch.ones(2), torch.ones(2))


def torch_complex_and_transforms():
    x = torch.complex(torch.ones(4), torch.zeros(4))
    return torch.allclose(torch.fft.ifft(torch.fft.fft(x)), x) and float(x.real.sum()) == 4


def torch_sparse_tensors():
    x = torch.eye(3).to_sparse()
    return torch.equal(torch.sparse.mm(x, torch.ones(3, 1)), torch.ones(3, 1)) and float(x.to_dense().trace()) == 3


def torch_versions():
    return torch.__version__ >= "2" and bool(torch.__config__.show()) and torch.finfo(torch.float32).eps > 0


def symbols():
    import sympy

    x = sympy.Symbol("x")
    return sympy.solve(x**2 - 4, x) == [-2, 2]


def a_file_of_ones_own_locked():
    import fcntl

    with open("log.txt", "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("x")
        fcntl.flock(file, fcntl.LOCK_UN)
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return fcntl.lockf(file, fcntl.LOCK_UN) is None


def a_database_in_a_file():
    import sqlite3

    for mode in ("delete", "wal"):
        with sqlite3.connect(f"{mode}.db") as database:
            database.execute(f"pragma journal_mode={mode}")
            database.execute("create table points (x real)")
            database.executemany("insert into points values (?)", [(1.0,), (2.0,)])
        with sqlite3.connect(f"{mode}.db") as again:
            if again.execute("select sum(x) from points").fetchone() != (3.0,):
                return False
    return True


def shelves_and_pickles():
    import shelve

    with shelve.open("shelf") as shelf:
        shelf["a"] = [1, 2]
    with shelve.open("shelf") as shelf:
        return shelf["a"] == [1, 2]


def temporary_files_made_and_removed():
    import os
    import tempfile

    import numpy as np

    kept = []
    for number in range(20):
        with tempfile.NamedTemporaryFile(delete=False) as file:
            file.write(bytes(1 << 20))
        kept.append(np.memmap(file.name, dtype="uint8", mode="r", shape=(1000,)))
        del kept[:-2]
        os.unlink(file.name)
    return int(kept[-1].sum()) == 0


def space_set_aside_for_an_array():
    import os

    import numpy as np

    with open("space.bin", "wb+") as file:
        os.posix_fallocate(file.fileno(), 0, 80_000)
        np.arange(10_000.0).tofile(file)
    mapped = np.memmap("space.bin", dtype="float64", mode="r+", shape=(10_000,))
    mapped[0] = 5
    mapped.flush()
    return float(np.fromfile("space.bin")[:3].sum()) == 8.0


def loader_workers():
    from torch.utils.data import DataLoader

    return [float(x) for x in DataLoader([1.0, 2.0, 3.0], num_workers=2, persistent_workers=True)] == [1, 2, 3]
