"""What an exercise's checks file says of itself, read and never run, so that listing exercises takes no torch."""

import ast
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AuthorError, GraderError
from autograder.submissions.definitions import FunctionNode

KEYWORDS = ("points", "hint", "visibility", "needs")


@dataclass(frozen=True)
class WrittenCheck:
    """What a check's decorator and docstring say of it, and its lines, the decorator's among them."""

    name: str
    function: str
    summary: str
    visibility: str
    points: int
    first: int
    last: int


@dataclass(frozen=True)
class CheckSource:
    """What a checks file says: the exercise's title, whether its gradients are written by hand, and its checks.

    `forbidden` is what the exercise is about beyond autograd, which is then not to be had either.
    """

    title: str
    by_hand: bool
    forbidden: tuple[str, ...]
    checks: tuple[WrittenCheck, ...]

    @property
    def functions(self) -> tuple[tuple[str, int], ...]:
        """The points of each function, in the order in which the checks name them first."""
        points: dict[str, int] = {}
        for check in self.checks:
            points[check.function] = points.get(check.function, 0) + check.points
        return tuple(points.items())


def read_checks(path: Path) -> CheckSource:
    """Return what a checks file says; GraderError where it cannot be read, or only running it would tell."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        raise AuthorError(f"{path}:{error.lineno}: not valid Python ({error.msg}); correct this line") from error
    except (OSError, ValueError) as error:
        raise GraderError(f"{path} cannot be read ({error}); restore it or install the kit again") from error
    title = (ast.get_docstring(tree) or "").partition("\n")[0].removesuffix(".")
    if not title:
        raise AuthorError(f"{path}:1: no docstring; begin it with the exercise's title")
    checks = tuple(check for node in tree.body if (check := read_check(node, str(path))))
    _require_own_names(checks, path)
    settings = {ast.unparse(node.targets[0]): node for node in tree.body if isinstance(node, ast.Assign)}
    is_by_hand = _by_hand(settings.get("BY_HAND"), path)
    return CheckSource(title, is_by_hand, _forbidden(settings.get("FORBIDDEN"), path), checks)


def _by_hand(setting: ast.Assign | None, path: Path) -> bool:
    match setting and setting.value:
        case None:
            return True
        case ast.Constant(value=bool(is_by_hand)):
            return is_by_hand
    line = setting.lineno if setting else 1
    raise AuthorError(f"{path}:{line}: BY_HAND is neither True nor False; write BY_HAND = False, or leave it out")


def _forbidden(setting: ast.Assign | None, path: Path) -> tuple[str, ...]:
    """Return the names in a setting; GraderError for what is no tuple of them."""
    match setting and setting.value:
        case None:
            return ()
        case ast.Tuple(elts=names) if all(isinstance(name, ast.Constant) and name.value for name in names):
            return tuple(str(ast.literal_eval(name)) for name in names)
    line = setting.lineno if setting else 1
    raise AuthorError(f'{path}:{line}: FORBIDDEN is no tuple of names; write it as FORBIDDEN = ("softmax", "softmin")')


def read_check(node: ast.stmt, path: str) -> WrittenCheck | None:
    """Return what a check's decorator says, None for what is no check; GraderError where only running it would tell."""
    if not isinstance(node, FunctionNode):
        return None
    decorators = {getattr(getattr(each, "func", each), "id", "") for each in node.decorator_list}
    if not node.name.startswith("check_") and "check" not in decorators:
        return None
    where = f"{path}:{node.lineno}: {node.name}"
    match node.decorator_list:
        case [ast.Call(func=ast.Name(id="check"), args=[ast.Constant(value=str(function))], keywords=keywords)]:
            given = {keyword.arg: keyword.value for keyword in keywords}
        case _:
            raise AuthorError(f'{where} has not just @check("name", points=1, …); write it so')
    if not node.name.startswith("check_"):
        raise AuthorError(f"{where} is a check that nothing would run; let its name begin with check_")
    if strange := [name for name in given if name not in KEYWORDS]:
        raise AuthorError(f"{where} has {strange[0]}=…, and a check has {', '.join(KEYWORDS)}; write one of these")
    first, last = node.decorator_list[0].lineno, node.end_lineno or node.lineno
    summary = (ast.get_docstring(node) or "").replace("\n", " ")
    visibility, points = _visibility(given.get("visibility"), where), _points(given.get("points"), where)
    if "hint" not in given:
        raise AuthorError(f'{where} has no hint; write hint="…?", one question that helps')
    return WrittenCheck(node.name.removeprefix("check_"), function, summary, visibility, points, first, last)


def _visibility(written: ast.expr | None, where: str) -> str:
    match written:
        case None:
            return "visible"
        case ast.Constant(value="visible" | "hidden" as visibility):
            return visibility
    raise AuthorError(f'{where} has visibility={ast.unparse(written)}; write visibility="hidden", or leave it out')


def _points(written: ast.expr | None, where: str) -> int:
    match written:
        case None:
            raise AuthorError(f"{where} has no points; write points=1")
        case ast.Constant(value=points) if type(points) is int:
            return points
    what = "a number of them, from 0 up, as it stands here, so that nobody need run it to know"
    raise AuthorError(f"{where} has points={ast.unparse(written)}; write {what}")


def _require_own_names(checks: tuple[WrittenCheck, ...], path: Path) -> None:
    """AuthorError where a check has the name of one above it, which Python would forget."""
    lines: dict[str, int] = {}
    for check in checks:
        if check.name in lines:
            what = f"there is a check_{check.name} in line {lines[check.name]}, too; give this one another name"
            raise AuthorError(f"{path}:{check.first}: {what}")
        lines[check.name] = check.first
