"""Cells of notebooks as IPython reads and runs them: what they leave behind, and what does nothing here."""

import pytest
from places import DATASETS
from students import notebook, script

from autograder.host.answers import Loaded, Returned, WorkerLost
from autograder.host.fork_server import ForkServer
from autograder.model import Limits, Submission


def load(fork_server: ForkServer, submission: Submission, function: str = "f") -> tuple[Loaded, object]:
    """What loading a notebook or an exported script comes to, and what one of its functions returns then."""
    worker = fork_server.worker(DATASETS, Limits())
    loaded = worker.load(submission, "exercise1", "notebook" if submission.is_notebook else "exported")
    assert not isinstance(loaded, WorkerLost), str(loaded.reason)
    answer = worker.call(function, [], 10)
    worker.close()
    return loaded, answer.value if isinstance(answer, Returned) else answer


@pytest.mark.parametrize(
    "cells",
    [
        ["%time import math", "def f(): return math.floor(1.5)"],
        ["%time x = 1", "def f(): return x"],
        ["%time def f(): return 1"],
        ["%%time\ndef f(): return 1"],
        ["\n\n%%time\n\ndef f(): return 1\nf()"],
        ["%%timeit -n 3 -r 2\ndef f(): return 1"],
        ["%%capture out\ndef f(): return 1\nprint('x')", "out.show()"],
        ["%%capture\n%%time\ndef f(): return 1"],
        ["%%prun -s cumulative\ndef f(): return 1"],
        ["def f(): return 1", "%prun f()", "%timeit -n 1000 f()", "took = %timeit -n 5 -o f()", "took.average"],
        ["%matplotlib widget\n%matplotlib qt5\n%matplotlib inline\ndef f(): return 1"],
        ["%load_ext autoreload\n%autoreload 2\n%load_ext tensorboard\n%tensorboard --logdir x\ndef f(): return 1"],
        ["%config InlineBackend.figure_format = 'retina'\n%env X=1\n%cd /content/drive/MyDrive\ndef f(): return 1"],
        ["%pip install torch\n%conda install -y x\n!pip install \\\n  torch\n!!ls\ndef f(): return 1"],
        ["x = !ls *.py\ny = !echo {x}\ndef f(): return 1 - len(x)"],
        ["?print\nprint?\nlen??\n%pinfo len\ndef f(): return 1"],
        ["def f(): return 1", "%%bash\nls *.py | wc", "%%html\n<b>x</b>", "%%R\nx <- 1", "%%javascript\nalert(1)"],
        ["%%unknown --option\ndef f(): return 1"],
        ["%%writefile other.py\ndef f(): return 1", "from other import f"],
        ["%%file other.py\ndef f(): return 1", "%run other.py"],
        ["from IPython import get_ipython, display\ndisplay.display(1)\ndef f(): return 1"],
        ["from IPython.display import display, HTML, clear_output\ndisplay(HTML('x'))\nclear_output()\ndef f(): return 1"],
        ["get_ipython().run_line_magic('matplotlib', 'inline')\nget_ipython().magic('time 1')\ndef f(): return 1"],
        ["In [3]: def f():\n   ...:     return 1\n   ...: "],
        [">>> def f():\n...     return 1\n"],
        ["    def f():\n        return 1\n"],
        ["import asyncio\nasync def g(): return 1\nx = await g()\ndef f(): return x;"],
        ["import asyncio\nx = asyncio.run(asyncio.sleep(0, 1))\ndef f(): return x"],
        ["3", "def f(): return Out[1] - 2", "_ + 1"],
        ["from IPython.core.magic import register_line_magic\n@register_line_magic\ndef one(line): return 1\nx = %one", "def f(): return x"],
        ["exit()\nquit\ndef f(): return 1"],
        ["for i in range(3):\n    %time i\n    !ls {i}\ndef f(): return 1"],
        ["%debug\n%pdb on\n%edit\nbreakpoint()\nimport pdb; pdb.set_trace()\ndef f(): return 1"],
        ["a = (7\n% 4)\ntext = '''\n%time\n!ls\n'''\ndef f(): return a - 2"],
        ["from autograder.live import check\n\ncheck('exercise1', 'f', points=3)\ndef f(): return 1"],
        ["if __name__ == '__main__':\n    one = 1", "import __main__\ndef f(): return __main__.one"],
        ["def main():\n    while True: pass\nif '__main__' == __name__:\n    main()", "def f(): return 1"],
        ["assert get_ipython().__class__.__name__ == 'ZMQInteractiveShell'\ndef f(): return 1"],
        ["files = %sx ls\nn = len(files)", "%%sx\nls", "%%system\nls", "def f(): return 1 + n"],
        ["%run no_such.py\nname = input('?')\nprint(name)\ndef f(): return 1"],
        ["import asyncio\nasync def g(): pass\ntask = asyncio.create_task(g())\nawait task\ndef f(): return 1"],
        ["dbutils.widgets.text('x', '1')\nrows = spark.sql('x')\ndisplay(rows)\ndef f(): return 1"],
    ],
)  # fmt: skip
def test_whatever_a_notebook_says_its_function_is_there(fork_server: ForkServer, cells: list[str]) -> None:
    loaded, value = load(fork_server, notebook(*cells))
    assert (value, [str(error.text) for _, error in loaded.stopped]) == (1, [])


class TestWhatIsMissing:
    def test_an_import_that_is_missing_is_told_and_its_cell_goes_on(self, fork_server):
        loaded, value = load(
            fork_server,
            notebook(
                "import math\nfrom google.colab import drive\ndrive.mount('/content')\n"
                "import numpy as np\nd = np.loadtxt('/content/x.csv')\nprint(d.sum())\ndef f(): return math.floor(1.5)"
            ),
        )
        ((label, error),) = loaded.absent
        assert (value, label, error.type_name, loaded.stopped) == (1, "cell 1", "ModuleNotFoundError", ())

    def test_a_mistake_stops_its_cell_as_ever(self, fork_server):
        loaded, value = load(fork_server, notebook("import no_such\nx = undefined\ndef g(): pass", "def f(): return 1"))
        ((label, error),) = loaded.stopped
        assert (value, label, error.type_name) == (1, "cell 1", "NameError")
        assert "g" not in loaded.names

    def test_bars_of_progress_are_passed_through(self, fork_server):
        code = (
            "from tqdm.notebook import tqdm, trange\nimport tqdm.auto as bars\n"
            "def f():\n    with tqdm(range(3), desc='x') as bar:\n        bar.set_postfix(loss=1)\n"
            "        return sum(bar) - sum(trange(1, 2)) - len(bars.tqdm([1]))"
        )
        assert load(fork_server, notebook(code))[1] == 1


class TestPlaces:
    @pytest.mark.parametrize(
        ("cell", "line"),
        [
            ("\n\ndef f():\n    1 / 0", 4),
            ("%%time\n\ndef f():\n    1 / 0", 4),
            ("%matplotlib inline\n%%capture\ndef f():\n    1 / 0", 4),
            ("from IPython.core.magic import register_cell_magic", 3),
        ],
    )
    def test_lines_are_those_of_the_cell(self, fork_server, cell, line):
        own = "@register_cell_magic\ndef own(line, cell): get_ipython().run_cell(cell)"
        cells = [f"{cell}\n{own}", "%%own\ndef f():\n    1 / 0"] if line == 3 else ["x = 1", cell]
        _, error = load(fork_server, notebook(*cells))
        assert [(frame.label, frame.line, frame.text) for frame in error.trace] == [("cell 2", line, "1 / 0")]

    def test_and_those_of_syntax_errors(self, fork_server):
        loaded, _ = load(fork_server, notebook("\n%%time\nx = 1\nx = = 2"))
        ((_, error),) = loaded.stopped
        assert error.syntax[0] == 4

    def test_and_those_of_a_script_not_the_line_of_that_number_in_the_whole_file(self, fork_server):
        loaded, _ = load(fork_server, script("first = 1\n# In[1]:\ndef f(): return 1\n# In[2]:\ny = = 2\n"))
        assert [error.syntax for _, error in loaded.stopped] == [(5, 5, "y = = 2")]

    def test_a_future_import_holds_for_later_cells(self, fork_server):
        assert (
            load(fork_server, notebook("from __future__ import annotations", "def f(x: nothing = 1): return x"))[1] == 1
        )

    def test_an_exported_script_has_its_file_and_lines(self, fork_server):
        code = "# In[1]:\n\n\nimport inspect\n\n# In[ ]:\n\n\ndef f():\n    return 1 if 'def f' in inspect.getsource(f) else 2\n\n# In[3]:\n\n1 / 0\n"
        loaded, value = load(fork_server, script(code))
        ((label, error),) = loaded.stopped
        assert (value, label, error.trace[0].line) == (1, "exercise1.py, line 14", 14)
