"""What it means that tensors, or numbers, do not go together, for beginners; and what is left of Python's errors."""

import re

from autograder.grading.raising import Raising, Sentence, always, rule, said

PRODUCT = "In `A @ B`, which axis of A must be as long as which axis of B?"
ONE_NUMBER = "Should many numbers become one first, and how?"
ONE_DTYPE = "Where do the float32 numbers come from, and where the float64 ones?"


def _shapes(raising: Raising) -> str:
    """The tensors that the line speaks of, with their shapes."""
    shown = [
        f"`{name}` {kind.removeprefix('tensor ')}" for name, kind in raising.raised.names if kind.startswith("tensor")
    ]
    return f": {', '.join(shown[:4])}" if shown else ""


@rule("RuntimeError", r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)")
def product(found: re.Match[str], _raising: Raising) -> Sentence:
    """Sizes that do not meet in a matrix product."""
    left, right = f"({found[1]}, {found[2]})", f"({found[3]}, {found[4]})"
    return said("in this product {left} meets {right}", PRODUCT, left=left, right=right)


@rule(
    "RuntimeError ValueError",
    r"size mismatch, got input|inconsistent tensor size|1D tensors expected|must be a matrix|batch1"
    r"|matmul: Input operand|need to be at least 1D",
)
def sizes(_found: re.Match[str], raising: Raising) -> Sentence:
    """Other products whose sizes do not fit."""
    text = "the sizes in this product do not fit{shapes}"
    return said(text, "How many axes has each factor, and which of them must be equally long?", shapes=_shapes(raising))


@rule("RuntimeError", r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)")
def broadcast(found: re.Match[str], raising: Raising) -> Sentence:
    """Sizes that do not meet entry by entry."""
    text = "entry by entry, {one} meet {other}{shapes}"
    question = "Which of the two should have another size, or be transposed?"
    return said(text, question, one=found[1], other=found[2], shapes=_shapes(raising))


@rule("IndexError TypeError", r"too many indices for tensor of dimension (\d+)|invalid index of a 0-dim tensor")
def indices(found: re.Match[str], raising: Raising) -> Sentence:
    """An index too many."""
    axes = {"0": "is a single number", "1": "has one axis", "2": "has two axes"}.get(found[1] or "0", "has fewer axes")
    text = "a tensor is asked for more than it has: it {axes}{shapes}"
    return said(text, "How many numbers stand in [ ]?", axes=axes, shapes=_shapes(raising))


@rule("IndexError", r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)")
def axis(found: re.Match[str], _raising: Raising) -> Sentence:
    """An axis that is not there."""
    last = int(found[2])
    has = "only axis 0" if last <= 0 else f"the axes 0 to {last}"
    return said(
        "this tensor has {has}, and the line asks for axis {at}", "Which axis counts the samples?", has=has, at=found[3]
    )


@rule("RecursionError", r"")
def recursion(_found: re.Match[str], raising: Raising) -> Sentence:
    """A function that calls itself for ever."""
    return said(
        "`{name}` calls itself again and again", "Which function did you mean to call there?", name=raising.within
    )


@rule(
    "ValueError RuntimeError TypeError",
    r"only one element tensors can be converted|with \d+ elements cannot be converted to Scalar"
    r"|only (?:size-1|length-1|0-dimensional) arrays can be converted|must be real number, not Tensor",
)
def to_number(_found: re.Match[str], raising: Raising) -> Sentence:
    """Many numbers where one is due."""
    call = re.search(r"\bmath\.(\w+)\(", raising.line)
    if call:
        text = "`math.{name}` takes one number, and this tensor has several"
        return said(text, f"Which `{call[1]}` works on whole tensors?", name=call[1])
    if "torch.tensor(" in raising.line or "torch.Tensor(" in raising.line:
        return said("`torch.tensor` makes a tensor of plain numbers, not of tensors", "What puts tensors together?")
    return said("a tensor of several numbers is turned into one (`float`, `int`, `.item()`)", ONE_NUMBER)


@rule("NotImplementedError", r"")
def unwritten(_found: re.Match[str], raising: Raising) -> Sentence | None:
    """The stub's last line, forgotten; or a function that is called and not written yet."""
    if not re.search(r"\braise\b", raising.line):
        return None
    if raising.within == raising.function:
        text = "`{name}` has code, and still it comes to its `raise NotImplementedError`"
        return said(text, "Which of its lines should be the last?", name=raising.function)
    return said("`{name}`, which it calls, is not written yet", name=raising.within)


@rule("ValueError RuntimeError", r"shape '(\[.*?\])' is invalid for input of size (\d+)")
def reshaped(found: re.Match[str], _raising: Raising) -> Sentence:
    """A shape that holds another number of entries."""
    return said(
        "a tensor of {size} numbers does not fit into {shape}",
        "How many does that shape hold?",
        size=found[2],
        shape=found[1],
    )


RULES = (
    product,
    sizes,
    broadcast,
    indices,
    axis,
    recursion,
    to_number,
    unwritten,
    reshaped,
    always(
        "ValueError",
        r"operands could not be broadcast together with shapes (\(.*?\)) (\(.*?\))",
        "entry by entry, {1} meets {2}",
        "Which of the two should have another shape?",
    ),
    always("ZeroDivisionError", r"", "something is divided by zero here", "Which number can be 0, and when?"),
    always(
        "ValueError",
        r"math domain error",
        "this has no value for that number (a root or a logarithm of a negative number?)",
        "Which number goes into it?",
    ),
    always("OverflowError", r"", "the number becomes too large to be held", "Which number grows so much, and where?"),
    always(
        "RuntimeError",
        r"Boolean value of Tensor with more than one",
        "a tensor of several numbers stands where True or False is due (`if`, `and`, `min`, `max`)",
        ONE_NUMBER,
    ),
    always(
        "RuntimeError",
        r"[Oo]nly Tensors of floating point",
        "whole numbers cannot be differentiated",
        "What makes floating-point numbers of them?",
    ),
    always(
        "RuntimeError",
        r"dtype|expected scalar type|Found dtype",
        "float32 and float64 numbers meet in this line",
        ONE_DTYPE,
    ),
    always(
        "RuntimeError",
        r"result type \w+ can't be cast to",
        "numbers with a fraction are put into a tensor of whole numbers",
        "Which tensor should hold fractions?",
    ),
    always(
        "RuntimeError",
        r"leaf Variable that requires grad is being used in an in-place",
        "a tensor that autograd watches is changed in place",
        "Should the update itself be watched, or does it make a new tensor?",
    ),
    always(
        "RuntimeError",
        r"does not require grad and does not have a grad_fn",
        "`backward` finds nothing to differentiate: no tensor that led here was watched",
        None,
    ),
    always(
        "RuntimeError",
        r"backward through the graph a second time",
        "autograd has gone through this computation already, and let it go",
        "How often is the prediction made anew, and how often is `backward` called?",
    ),
    always(
        "RuntimeError",
        r"grad can be implicitly created only for scalar",
        "`backward` starts from one number, and this tensor has several",
        "How does the loss become one number?",
    ),
    always(
        "RuntimeError",
        r"appears to not have been used in the graph",
        "one of these tensors took no part in the loss",
        "Which tensors did you compute the loss with: these, or copies?",
    ),
    always(
        "RuntimeError",
        r"Can't call numpy\(\) on Tensor that requires grad",
        "a tensor that autograd watches is made a NumPy array",
        "Do you need NumPy here at all?",
    ),
    always(
        "RuntimeError",
        r"zero-dimensional tensor .* cannot be concatenated",
        "`torch.cat` joins tensors along an axis, and a single number has none",
        "Which function of torch makes one tensor of single numbers?",
    ),
    always(
        "RuntimeError",
        r"(?:stack|Sizes of tensors must match)",
        "tensors of different sizes are put together",
        "Which of them is longer, and why?",
    ),
    always(
        "RuntimeError",
        r"in-place|inplace operation",
        "a tensor that autograd still needs was changed in place",
        "Which line changes a tensor instead of making a new one?",
    ),
    always(
        "ValueError",
        r"zip\(\) argument (\d) is (shorter|longer)",
        "the lists in `zip` are not equally long",
        "How many layers does each of them count?",
    ),
    always(
        "ValueError",
        r"optimizer got an empty parameter list",
        "the optimizer got no parameters",
        "Was the list used up before, or is the model empty?",
    ),
    always(
        "ValueError",
        r"can't optimize a non-leaf",
        "the optimizer got a tensor that was computed, not one that is trained",
    ),
    always(
        "ValueError",
        r"range\(\) arg 3 must not be zero",
        "`range` cannot go on in steps of 0",
        "Which number is the step?",
    ),
    always("ValueError", r"could not convert string to float: (.*)", "{1} is text and no number"),
    always(
        "AssertionError",
        r"Size mismatch between tensors",
        "x and y have different numbers of samples here",
        "Which axis counts the samples?",
    ),
    always("AssertionError", r"", "an `assert` in your code does not hold here"),
    always("StopIteration", r"", "`next` finds nothing any more", "How many members are there to go through?"),
    always("SystemExit", r"", "your code calls `exit`, which ends Python", "Should this line be there at all?"),
)
