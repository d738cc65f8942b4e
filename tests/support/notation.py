"""Reads the formulas that the prose prints and says which are wrong: each is worked out anew, with symbols, by SymPy.

The notation is small on purpose, so that nothing is guessed: sums with limits, products by juxtaposition, fractions,
derivatives as \\frac{\\partial L}{\\partial a} or \\partial L / \\partial a, subscripts, \\top, = and \\leftarrow.
What is not in it, or not in the World that gives the names their values, is a FormulaError and no silent pass.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Expr, ImmutableMatrix, Symbol
from sympy.matrices.exceptions import ShapeError

Value = Expr | ImmutableMatrix
Scope = dict[str, int | str]

TOKEN = re.compile(
    r"\\hat\{y\}|\\mathrm\{[A-Za-z]+\}|\\(?:frac|sum|partial|top|leftarrow|cdot|lambda|delta|eta|theta)(?![A-Za-z])"
    r"|[A-Za-z]|\d+|[{}()^_=+\-/]"
)
IGNORED = re.compile(r"(?:\s|\\,)+")
INDEX = re.compile(r"([A-Za-z]|\\theta)([+-]\d+)?")
RELATIONS = ("=", r"\leftarrow")


class FormulaError(Exception):
    """This is no formula of the notation, or it does not make sense: unknown names, shapes that do not fit."""


@dataclass(frozen=True)
class World:
    """What the names of one exercise mean.

    `definitions` says how a symbol is computed from others; `named` holds the names that stand by themselves,
    with their subscript if it is no index; `indexed` those with indices, by their letters ("x_i", "W_kj");
    `ranges` the values that an index takes where no sum binds it; `aliases` the letters that count as another.
    """

    definitions: Mapping[Symbol, Expr]
    named: Mapping[str, Value]
    indexed: Mapping[str, Callable[..., Value]]
    ranges: Mapping[str, tuple[int | str, ...]]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def expand(self, value: Value, keep: frozenset[Symbol] = frozenset()) -> Value:
        """Return the value by what it is computed from; the symbols to keep stay as they are."""
        known = {symbol: by for symbol, by in self.definitions.items() if symbol not in keep}
        while inner := value.free_symbols & known.keys():
            value = value.xreplace({symbol: known[symbol] for symbol in inner})
        return value

    def derive(self, value: Value, by: Value, order: int = 1) -> Value:
        """Return the partial derivative of a number by a symbol or by every entry of a matrix of symbols."""
        symbols = list(by) if isinstance(by, ImmutableMatrix) else [by]
        if isinstance(value, ImmutableMatrix) or not all(symbol.is_Symbol for symbol in symbols):
            raise FormulaError("only a number can be differentiated, and only by a variable")
        of = self.expand(value, frozenset(symbols))
        if isinstance(by, ImmutableMatrix):
            return ImmutableMatrix(by.applyfunc(lambda symbol: sympy.diff(of, symbol, order)))
        return sympy.diff(of, by, order)


def equations(tex: str) -> list[str]:
    """Return the equations of a block, which \\qquad separates, without their \\text labels."""
    return [re.sub(r"\\text\{[^}]*\}", "", part).strip() for part in tex.split(r"\qquad")]


def fault(equation: str, world: World) -> str | None:
    """Return what is wrong with an equation, None if it holds for every value of its free indices."""
    try:
        tokens = tokenise(equation)
        free = [index for index in world.ranges if index in tokens]
        for values in itertools.product(*(world.ranges[index] for index in free)):
            scope = dict(zip(free, values, strict=True))
            if not Reader(tokens, world, scope).holds():
                return f"{equation}: not so for {scope}" if scope else f"{equation}: not so"
    except (FormulaError, ShapeError, IndexError) as error:
        return f"{equation}: {error}"
    return None


def tokenise(tex: str) -> list[str]:
    tokens, at = [], 0
    while at < len(tex):
        if space := IGNORED.match(tex, at):
            at = space.end()
        elif token := TOKEN.match(tex, at):
            tokens.append(token[0])
            at = token.end()
        else:
            raise FormulaError(f"cannot read {tex[at : at + 12]!r}")
    return tokens


class Reader:
    """Evaluates one equation, for one choice of its free indices, while it reads."""

    def __init__(self, tokens: list[str], world: World, scope: Scope) -> None:
        self.tokens = tokens
        self.world = world
        self.scope = scope
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.peek()
        if not token or (expected and token != expected):
            raise FormulaError(f"{expected or 'more'} expected, found {token or 'the end'}")
        self.at += 1
        return token

    def holds(self) -> bool:
        """Whether all sides are the same, or an arrow leads a step downhill; one side alone need only make sense."""
        sides, relations = [self.sum()], set()
        while self.peek() in RELATIONS:
            relations.add(self.take())
            sides.append(self.sum())
        if self.peek():
            raise FormulaError(f"cannot read on at {self.peek()}")
        if r"\leftarrow" in relations:
            return len(sides) == 2 and self.is_descent(*sides)
        return all(self.same(sides[0], side) for side in sides[1:])

    def same(self, one: Value, other: Value) -> bool:
        difference = added(self.world.expand(one), -self.world.expand(other), broadcast=False)
        parts = difference if isinstance(difference, ImmutableMatrix) else [difference]
        return all(sympy.expand(part) == 0 or sympy.cancel(part) == 0 for part in parts)

    def is_descent(self, old: Value, new: Value) -> bool:
        """Whether the step is the gradient times minus a learning rate, the parameter's own or the common one."""
        step = added(new, -old, broadcast=False)
        rates = [symbol for symbol in step.free_symbols if symbol.name.startswith("eta")]
        if len(rates) != 1 or rates[0].name not in ("eta", f"eta_{old}"):
            raise FormulaError("the step has no learning rate, or another one's")
        return self.same(step, -rates[0] * self.world.derive(Symbol("L"), old))

    def sum(self) -> Value:
        total = self.product()
        while self.peek() in ("+", "-"):
            sign = self.take()
            term = self.product()
            total = added(total, term if sign == "+" else -term)
        return total

    def product(self) -> Value:
        if self.peek() == "-":
            self.take()
            return -self.product()
        value = self.power()
        while self.peek() not in ("", ")", "}", "+", "-", *RELATIONS):
            if self.peek() == r"\cdot":
                self.take()
            value = value * self.power()
        return value

    def power(self) -> Value:
        value = self.base()
        if self.peek() != "^":
            return value
        self.take()
        exponent = self.take()
        if isinstance(value, ImmutableMatrix):
            if exponent != r"\top":
                raise FormulaError("a matrix has no power here")
            return value.T
        if not exponent.isdigit():
            raise FormulaError(f"{exponent} is no power of a number")
        return value ** int(exponent)

    def base(self) -> Value:
        token = self.peek()
        if token == r"\frac":
            return self.fraction()
        if token == r"\partial":
            return self.derivative("/")
        if token == r"\sum":
            return self.series()
        if token == "(":
            self.take()
            value = self.sum()
            self.take(")")
            return self.entry(value) if self.peek() == "_" else value
        if token.isdigit():
            return sympy.Integer(self.take())
        return self.name()

    def fraction(self) -> Value:
        self.take()
        self.take("{")
        if self.peek() == r"\partial":
            value = self.derivative("}", "{")
        else:
            above = self.sum()
            self.take("}")
            self.take("{")
            value = above / self.sum()
        self.take("}")
        return value

    def derivative(self, *between: str) -> Value:
        order = self.differential()
        of = self.name()
        for token in between:
            self.take(token)
        self.differential()
        by = self.name()
        if self.order() != order:
            raise FormulaError("a derivative of one order by another")
        return self.world.derive(of, by, order)

    def differential(self) -> int:
        self.take(r"\partial")
        return self.order()

    def order(self) -> int:
        if self.peek() != "^":
            return 1
        self.take()
        return int(self.take())

    def series(self) -> Value:
        self.take()
        self.take("_")
        self.take("{")
        index = self.take()
        self.take("=")
        begin = int(self.take())
        self.take("}")
        self.take("^")
        self.take("{")
        end = self.name()
        self.take("}")
        begins, outer, terms = self.at, self.scope, []
        for value in range(begin, int(end) + 1):
            self.at, self.scope = begins, {**outer, index: value}
            terms.append(self.product())
        self.scope = outer
        total = terms[0]
        for term in terms[1:]:
            total = added(total, term, broadcast=False)
        return total

    def entry(self, value: Value) -> Value:
        row, column = (int(number) for _, number in self.indices(self.subscript()))
        if not isinstance(value, ImmutableMatrix):
            raise FormulaError("only a matrix has entries")
        return value[row - 1, column - 1]

    def name(self) -> Value:
        name = self.take()
        if not re.match(r"[A-Za-z\\]", name):
            raise FormulaError(f"a name expected, found {name}")
        if self.peek() != "_":
            if name in self.scope and name in self.world.indexed:
                return self.world.indexed[name](self.scope[name])
            return known(self.world.named, name)
        subscript = self.subscript()
        if f"{name}_{subscript}" in self.world.named:
            return self.world.named[f"{name}_{subscript}"]
        indices = self.indices(subscript)
        letters = "".join(self.world.aliases.get(letter, letter) for letter, _ in indices)
        return known(self.world.indexed, f"{name}_{letters}")(*(number for _, number in indices))

    def subscript(self) -> str:
        self.take("_")
        if self.peek() != "{":
            return self.take()
        self.take()
        tokens = []
        while self.peek() != "}":
            tokens.append(self.take())
        self.take()
        return "".join(tokens)

    def indices(self, subscript: str) -> list[tuple[str, int | str]]:
        found = [(match[1], match[2]) for match in INDEX.finditer(subscript)]
        if "".join(letter + (shift or "") for letter, shift in found) != subscript:
            raise FormulaError(f"{subscript} is no subscript")
        return [(letter, self.shifted(letter, shift)) for letter, shift in found]

    def shifted(self, letter: str, shift: str | None) -> int | str:
        if letter not in self.scope:
            raise FormulaError(f"the index {letter} is bound by nothing")
        value = self.scope[letter]
        return value if shift is None else int(value) + int(shift)


def added(one: Value, other: Value, *, broadcast: bool = True) -> Value:
    """Return the sum; a row is added to every row of a matrix, as a bias is."""
    if isinstance(one, ImmutableMatrix) != isinstance(other, ImmutableMatrix):
        raise FormulaError("a number plus a matrix")
    if broadcast and isinstance(other, ImmutableMatrix) and other.rows == 1 < one.rows:
        other = ImmutableMatrix([list(other)] * one.rows)
    return one + other


def known(table: Mapping[str, Any], name: str) -> Any:
    if name not in table:
        raise FormulaError(f"{name} is unknown")
    return table[name]


PLAIN_LINE = re.compile(r"`([^`\n]*∂[^`\n]*)`")
# A formula in one plain line, sign by sign, as TeX.
SIGNS = {
    "½": r"\frac{1}{2} ",
    "Σ": r"\sum_{i=1}^{n} ",
    "∂": r"\partial ",
    "ŷ": r"\hat{y}",
    "η": r"\eta",
    "θ": r"\theta",
    "δ": r"\delta",
    "λ": r"\lambda",
    "←": r"\leftarrow ",
    "·": r"\cdot ",
    "−": "-",
    "²": "^2",
    "ᵀ": r"^\top",
    "ᵢ": "_i",
    "ⱼ": "_j",
    "ₖ": "_k",
    "ₗ": "_l",
    "ₘ": "_m",
    "₀": "_0",
    "₁": "_1",
    "₂": "_2",
}


def tex(plain: str) -> str:
    """Return a plain line as TeX: ∂L/∂a = Σ rᵢ·xᵢ is \\partial L/\\partial a = \\sum_{i=1}^{n} r_i\\cdot x_i."""
    return re.sub(r"_(\w)_(\w)", r"_{\1\2}", "".join(SIGNS.get(sign, sign) for sign in plain))  # δᵢₖ has one subscript


def prose(text: str) -> str:
    """Return the markdown of a percent script, without the comment signs; the text itself where it is none."""
    cells = re.split(r"^# %%", text, flags=re.MULTILINE)
    if len(cells) == 1:
        return text
    marked = (cell.partition("\n")[2] for cell in cells if cell.startswith(" [markdown]"))
    return "\n".join(re.sub(r"^# ?", "", cell, flags=re.MULTILINE) for cell in marked)


def formulas(text: str) -> Iterator[str]:
    """Yield the equations of all displayed formulas, and of the others, plain lines too, those that differentiate."""
    for block, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$]+)\$", prose(text), re.DOTALL):
        if block:
            yield from equations(block)
        elif r"\partial" in inline:
            yield inline
    for line in PLAIN_LINE.findall(prose(text)):
        yield tex(line)
