"""What means nothing while grading does nothing, in a worker, by whatever way it is asked for."""

import pytest
from workers import raised, value

QUIET = {
    "a backend by name": "import matplotlib; matplotlib.use('{backend}'); import matplotlib.pyplot as plt; plt.plot([1])",
    "after pyplot": "import matplotlib.pyplot as plt, matplotlib; matplotlib.use('{backend}', force=True); plt.figure()",
    "a switch": "import matplotlib.pyplot as plt; plt.switch_backend('{backend}'); plt.figure()",
    "a setting": "import matplotlib; matplotlib.rcParams['backend'] = '{backend}'; from matplotlib import pyplot; pyplot.figure()",
    "the environment": "import os; os.environ['MPLBACKEND'] = '{backend}'; import matplotlib.pyplot as plt; plt.figure()",
}


class TestDrawing:
    @pytest.mark.parametrize("backend", ["TkAgg", "QtAgg", "MacOSX", "ipympl", "nbAgg", "module://no.such"])
    @pytest.mark.parametrize("how", QUIET)
    def test_every_backend_is_agg(self, fork_server, how, backend):
        code = (
            f"{QUIET[how].replace('{backend}', backend)}\nimport matplotlib\ndef f(): return matplotlib.get_backend()"
        )
        assert value(fork_server, code).lower() == "agg"

    def test_nor_are_those_of_tkinter(self, fork_server):
        code = """
import tkinter as tk
root = tk.Tk(); root.withdraw(); root.title('x')
class App(tk.Frame):
    def __init__(self, master):
        super().__init__(master)
        tk.Label(self, text='x').pack()
def f(): App(root).mainloop(); root.mainloop(); return 1
"""
        assert value(fork_server, code) == 1

    def test_windows_are_not_there_and_nobody_waits_for_them(self, fork_server):
        code = """
import warnings; warnings.simplefilter('error')
import matplotlib.pyplot as plt
def f():
    plt.ion(); figure = plt.figure(); plt.plot([1, 2]); plt.show(block=True); plt.pause(60); figure.show()
    manager = plt.get_current_fig_manager()
    manager.window.wm_geometry('+0+0'); manager.window.showMaximized(); manager.full_screen_toggle()
    manager.resize(*manager.window.maxsize()); manager.set_window_title('x'); manager.frame.Maximize(True)
    figure.canvas.toolbar_visible = False; plt.waitforbuttonpress(); plt.savefig('a.png'); plt.close('all')
    return 1
"""
        assert value(fork_server, code) == 1


class TestProcesses:
    @pytest.mark.parametrize(
        "options",
        ["num_workers=2", "num_workers=4, persistent_workers=True, prefetch_factor=4", "num_workers=1, timeout=5",
         "num_workers=2, multiprocessing_context='spawn', pin_memory=True", "False, None, None, 3"],
    )  # fmt: skip
    def test_a_loader_loads_by_itself(self, fork_server, options):
        given = options if options.startswith("False") else f"batch_size=2, {options}"
        given = f"2, {given}" if options.startswith("False") else given
        code = f"""
import torch
from torch.utils.data import DataLoader
class Own(DataLoader): pass
def f():
    loader = Own(range(5), {given})
    loader.num_workers = 8
    return [batch.tolist() for batch in loader] + [batch.tolist() for batch in loader]
"""
        assert value(fork_server, code) == [[0, 1], [2, 3], [4]] * 2

    def test_a_pool_of_threads_works_on_the_spot(self, fork_server):
        code = """
from concurrent.futures import ThreadPoolExecutor, as_completed
def f():
    with ThreadPoolExecutor(4, "mine") as pool:
        works = [pool.submit(pow, 2, exponent) for exponent in range(3)] + [pool.submit(int, "x")]
        return [*pool.map(abs, [-1, 2]), sum(each.exception() is None for each in as_completed(works))]
"""
        assert value(fork_server, code) == [1, 2, 3]

    @pytest.mark.parametrize(
        "call",
        [
            "subprocess.check_call([sys.executable, '-m', 'pip', 'install', 'x'])",
            "subprocess.run(['pip3', 'install', 'x'], check=True).returncode",
            "subprocess.run('pip install x', shell=True, capture_output=True, text=True).stdout and 1 or 0",
            "len(subprocess.check_output(['conda', 'install', 'x']))",
            "len(subprocess.Popen(['pip', 'install'], stdout=subprocess.PIPE, stderr=subprocess.PIPE).communicate()[0])",
            "subprocess.Popen(['/usr/bin/pip3.11', 'install', 'x']).wait()",
            "os.system('pip install x')",
            "__import__('pip').main(['install', 'x'])",
            "__import__('pip._internal', fromlist=['main']).main(['install', 'x'])",
            "os.system('clear')",
        ],
    )
    def test_an_installation_succeeds_and_does_nothing(self, fork_server, call):
        assert value(fork_server, f"import os, subprocess, sys\ncode = {call}\ndef f(): return code") == 0

    @pytest.mark.parametrize(
        "command", ["['ls']", "'ls', shell=True", "['grep', '-rn', 'x', 'pip']", "['bash', '-c', 'x']"]
    )
    def test_other_programs_are_refused_as_ever(self, fork_server, command):
        error = raised(fork_server, f"import subprocess\ndef f(): subprocess.run({command}, check=True)")
        assert "no threads or other processes" in error.text


def test_debuggers_do_not_stop_anybody(fork_server):
    code = "breakpoint()\nimport pdb, ipdb; pdb.Pdb().set_trace(); ipdb.set_trace()\ndef f(): breakpoint(); return 1"
    assert value(fork_server, code) == 1


def test_bars_of_progress_and_the_cells_that_grade_are_there(fork_server):
    code = """
from tqdm import tqdm, trange
from tqdm.auto import tqdm as bar
import autograder.live
from autograder.live import check
points = check('exercise1', 'loss', points=3)
assert check('exercise1', 'loss') is None
bars = tqdm(total=5); bars.update(2); tqdm.pandas(); list(reversed(bar([1])))
assert (bars.n, len(bars), len(tqdm([1, 2]))) == (2, 5, 2)
def f(): return [*tqdm([1, 2], desc='x')] + [*trange(2)] + [*bar(total=5)] + [points]
"""
    assert value(fork_server, code) == [1, 2, 0, 1, 0]
