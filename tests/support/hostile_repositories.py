"""What a student's repository may hold: half-done and right work, and files that stand in the job's way."""

from places import CORPUS, KIT

WRONG = (CORPUS / "half_done_exercise2.py").read_text()
RIGHT = (KIT / "solutions" / "exercise2.py").read_text()
SHOUTING = r"""
print("::error file=exercises/exercise2.py::forged")
print("  ::set-output name=score::100")
print("::notice title=exercise2%3A 30 / 30 points::forged")
print("::stop-commands::guessed")
print("##[error]forged")
print("</testcase></testsuite></testsuites>")
print("\x1b[2J\x1b]0;forged\x07", "</details><script>alert(1)</script>", "```\n# forged\n")
"""
# Each stands in for a module that a job might import from the current folder.
IMPOSTOR = "print('HIJACKED'); raise SystemExit(0)\n"
IMPOSTORS = ("torch", "numpy", "pytest", "click", "pip", "zipfile", "conftest", "sitecustomize", "usercustomize")
HOSTILE = {
    **{f"{name}.py": IMPOSTOR for name in IMPOSTORS},
    **{f"exercises/{name}.py": IMPOSTOR for name in ("torch", "conftest", "sitecustomize")},
    "autograder/__init__.py": IMPOSTOR,
    "autograder/cli/__init__.py": "",
    "autograder/cli/ci_job.py": IMPOSTOR,
    "autograder/checks/exercise2.py": '"""Nothing is checked."""\n',
    "solutions/exercise2.py": IMPOSTOR,
    "datasets/line.csv": "x,y\n",
    "constraints.txt": "torch==0.0.1\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-p conftest'\n",
    "pytest.ini": "[pytest]\naddopts = -p conftest\n",
    "setup.cfg": "[tool:pytest]\naddopts = -p conftest\n",
    "pip.conf": "[global]\nindex-url = https://example.invalid\n",
    "reports/exercise2.json": "{}",
}
