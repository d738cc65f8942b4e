"""Scripts that were notebooks: where their cells begin, and what exporting has made comments."""

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.worker.exported import COLAB, cells


def parts(text: str) -> list[tuple[int, str]]:
    """The cells of a script, each with its first line's number, without empty lines around it."""
    found = cells(text, TransformerManager().transform_cell)
    return [(above + 1 + len(code) - len(code.lstrip("\n")), code.strip("\n")) for above, code in found if code.strip()]


@pytest.mark.parametrize("mark", ["# In[3]:", "# In[ ]:", "# In [3]:", "# %%", "#%% title", "# COMMAND ----------"])
def test_cells_begin_at_their_marks(mark):
    assert parts(f"#!/usr/bin/env python\n{mark}\n\n\nx = 1\n\ny = 2\n{mark}\n%%time\nz = 3\n") == [
        (1, "#!/usr/bin/env python"),
        (5, "x = 1\n\ny = 2"),
        (9, "%%time\nz = 3"),
    ]


def test_without_marks_each_statement_is_one():
    text = '"""Doc"""\n\n!pip install x\n\nimport torch; x = 1\n\n# why\ndef f():\n    return 1\n%%time\nf()\n'
    found = parts(text)
    assert [line for line, _ in found] == [1, 3, 5, 7, 10, 11]
    assert found[2:4] == [(5, "import torch; x = 1"), (7, "# why\ndef f():\n    return 1")]


def test_a_script_that_is_no_python_stays_whole():
    assert parts("x = 1\ny = = 2\n") == [(1, "x = 1\ny = = 2")]


def test_magics_that_colab_has_made_comments_are_undone():
    text = (
        f"import a\n\n{COLAB}\n# %%time\n# def f():\n#   return 1\n\ny = 2\n\n{COLAB}\n# %cd /content\n# mine\nz = 3\n"
    )
    assert parts(text) == [
        (1, "import a"),
        (4, "%%time\ndef f():\n  return 1"),
        (8, "y = 2"),
        (11, "get_ipython().run_line_magic('cd', '/content')"),
        (12, "# mine\nz = 3"),
    ]


def test_those_of_databricks_too_where_python_follows():
    text = "# Databricks notebook source\n# MAGIC %md\n# MAGIC # Title\n\n# COMMAND ----------\n\n# MAGIC %%time\n# MAGIC x = 1\n"
    assert parts(text) == [(1, "# Databricks notebook source\n# MAGIC %md\n# MAGIC # Title"), (7, "%%time\nx = 1")]
    assert parts("# COMMAND ----------\n# MAGIC %python\n# MAGIC x = 1\n") == [(3, "x = 1")]


def test_an_installation_without_a_mark_is_a_magic_too():
    assert parts("# In[1]:\npip install torch\n# In[2]:\nx = 1\n") == [(2, "%pip install torch"), (4, "x = 1")]
