"""What a name, an attribute, a key or an index that is not there means, for beginners."""

import re

from autograder.grading.raising import Raising, Sentence, always, counted, named, rule, said

IMPORTS = {
    "np": "import numpy as np", "numpy": "import numpy as np", "torch": "import torch", "nn": "from torch import nn",
    "math": "import math", "F": "import torch.nn.functional as F", "Tensor": "from torch import Tensor",
    "plt": "import matplotlib.pyplot as plt", "DataLoader": "from torch.utils.data import DataLoader, TensorDataset",
    "TensorDataset": "from torch.utils.data import DataLoader, TensorDataset", "random": "import random",
}  # fmt: skip
CONSTANTS = {"true": "True", "false": "False", "none": "None", "null": "None", "nil": "None"}
OTHERWISE = {"sqrt": "torch.sqrt", "exp": "torch.exp", "log": "torch.log", "tanh": "torch.tanh", "mean": "torch.mean"}
KEY = "How do you look up a key in a dict?"
LAYER = "Which sizes, or how many layers, does your code expect here?"


@rule("NameError", r"name '(\w+)' is not defined")
def undefined(found: re.Match[str], raising: Raising) -> Sentence:
    """A name that nothing has."""
    name = found[1]
    if holder := raising.holding(name):
        return said("`{name}` is no variable here; it is a key of `{holder}`", KEY, name=name, holder=holder)
    if name in CONSTANTS:
        return said("`{name}` is not known; Python writes `{right}`", name=name, right=CONSTANTS[name])
    if raising.raised.near:
        return said("`{name}` is not defined; did you mean `{near}`?", name=name, near=raising.raised.near)
    if name in IMPORTS:
        question = "Which line at the top of the file brings it in?"
        return said("`{name}` has not been imported in your file", question, name=name)
    if name in OTHERWISE:
        return said("`{name}` alone is not known; torch's own is `{other}`", name=name, other=OTHERWISE[name])
    if name in raising.functions:
        return said("there is no `{name}` in your file, and this line calls it", name=name)
    return said("`{name}` is not defined", "In which line above should it get its value?", name=name)


@rule("NameError", r"cannot access free variable '(\w+)'")
def unset(found: re.Match[str], _raising: Raising) -> Sentence:
    """A variable of the function around, before it has a value."""
    return said("`{name}` has no value yet when this line reads it", name=found[1])


@rule("UnboundLocalError", r"local variable '(\w+)'")
def unbound(found: re.Match[str], raising: Raising) -> Sentence:
    """A variable that is read before it is set, or that hides a function of its name."""
    name = found[1]
    if name in raising.functions or re.search(rf"\b{name}\s*\(", raising.line):
        text = "`{name}` is a variable in this function (it stands left of a `=`), so your function `{name}` is hidden"
        return said(text, "What else could the variable be called?", name=name)
    if re.search(rf"\b{name}\s*[-+*/]=|\b{name}\s*=.*\b{name}\b", raising.line):
        text = "`{name}` has no value yet when this line adds to it"
        return said(text, "Which value should it have before the first time?", name=name)
    text = "`{name}` has no value yet when this line reads it: the line that sets it has not run"
    return said(text, "Does that line stand in a loop or an `if`?", name=name)


@rule("AttributeError", r"'dict' object has no attribute '(\w+)'")
def of_a_dict(found: re.Match[str], raising: Raising) -> Sentence:
    """A key as an attribute, or a method that a dict has not."""
    owner = _owner(raising, found[1]) or "this"
    if raising.holding(found[1]) or f" {found[1]}" in raising.kind(owner).replace(",", ""):
        return said("`{owner}` is a dict, and `{key}` is one of its keys", KEY, owner=owner, key=found[1])
    question = "Which of its values do you want?"
    return said("`{owner}` is a dict, which has no `.{key}`", question, owner=owner, key=found[1])


@rule("AttributeError", r"'(list|tuple|str|float|int|set)' object has no attribute '(\w+)'")
def of_plain(found: re.Match[str], raising: Raising) -> Sentence:
    """A tensor's method, asked of what is none."""
    owner = _owner(raising, found[2])
    what = f"`{owner}`" if owner else f"what stands before `.{found[2]}`"
    text = "{what} is {kind} here, which has no `.{attribute}`"
    question = "Which value in this line did you take for a tensor?"
    if found[1] == "tuple":
        question = "Which function gave it, and how many values does that one return?"
    elif found[1] == "list":
        question = "Do you want the whole list here, or one of its members?"
    return said(text, question, what=what, kind=named(found[1]), attribute=found[2])


@rule("AttributeError", r"'NoneType' object has no attribute '(\w+)'")
def of_nothing(found: re.Match[str], raising: Raising) -> Sentence:
    """Something that was never set or returned."""
    if ".grad." in raising.line:
        question = "After which call does autograd put something there, and for which tensors?"
        return said("`.grad` is still empty (None) in this line", question)
    owner = _owner(raising, found[1]) or raising.first("None")
    what = f"`{owner}`" if owner else f"what stands before `.{found[1]}`"
    return said("{what} is None, that is nothing", "Does the function that gave it return something?", what=what)


@rule("AttributeError", r"'?(?:function|builtin_function_or_method|method)'? object has no attribute '(\w+)'")
def of_a_function(found: re.Match[str], raising: Raising) -> Sentence:
    """A call whose brackets are missing."""
    owner = _owner(raising, found[1]) or "what stands before it"
    return said("`{owner}` is a function that has not been called: its brackets ( ) are missing", owner=owner)


@rule("AttributeError", r"(?:'(\w+)' object|(module) '([\w.]+)'|type object '(\w+)') has no attribute '(\w+)'")
def of_others(found: re.Match[str], raising: Raising) -> Sentence:
    """A slip in the name of an attribute."""
    owner = f"`{found[3]}`" if found[2] else named(found[1] or found[4])
    near = raising.raised.near
    if near:
        return said("{owner} has no `{name}`; did you mean `{near}`?", owner=owner, name=found[5], near=near)
    if found[1] == "Tensor" and found[5] in ("append", "add_", "extend"):
        return said("a tensor has no `.{name}`; that is for lists", "What should collect the values?", name=found[5])
    return said("{owner} has no `{name}`", owner=owner, name=found[5])


def _owner(raising: Raising, attribute: str) -> str:
    """The name before an attribute in the line."""
    found = re.search(rf"(\w+)(?:\[[^\]]*\]|\(\))?\.{attribute}\b", raising.line)
    return found[1] if found and not found[1].isdigit() else ""


@rule("KeyError", r"^'(.*)'$")
def no_key(found: re.Match[str], raising: Raising) -> Sentence:
    """A key that a dict has not."""
    for name, kind in raising.raised.names:
        in_line = re.search(rf"\b{name}\[", raising.line)
        keys = kind.removeprefix("dict").strip()
        if kind.startswith("dict") and in_line and found[1] not in keys.split(", "):
            has = f"it has {keys}" if keys else "it is empty"
            return said(
                '`{name}` has no key "{key}" here; {has}',
                f'Which line should put "{found[1][:20]}" into it?',
                name=name,
                key=found[1],
                has=has,
            )
    called = raising.raised.trace[-2].function if len(raising.raised.trace) > 1 else ""
    text = 'a dict is asked for the key "{key}", which it does not have' + (", in `{within}`" if called else "")
    question = "Which keys does the dict have, and where is it made?"
    return said(text, question, key=found[1], within=raising.within)


@rule("KeyError", r"^(-?\d+)$")
def number_for_key(found: re.Match[str], raising: Raising) -> Sentence:
    """A dict indexed as a list is."""
    owner = raising.first("dict")
    what = f"`{owner}`" if owner else "this"
    return said(
        "{what} is a dict: it is asked by its keys, not by the number {number}", KEY, what=what, number=found[1]
    )


@rule("KeyError", r"^tensor\(")
def tensor_for_key(_found: re.Match[str], _raising: Raising) -> Sentence:
    """A dict asked for a tensor."""
    return said("a dict is asked for a tensor as its key; its keys are names", KEY)


@rule("IndexError", r"(list|tuple) (?:assignment )?index out of range")
def no_member(found: re.Match[str], raising: Raising) -> Sentence:
    """A list that is shorter than the code takes it to be."""
    for name, kind in raising.raised.names:
        index = re.search(rf"\b{name}\[\s*([^\]:]+?)\s*\]", raising.line)
        if kind.startswith(("list ", "tuple ")) and index:
            at = raising.kind(index[1]).removeprefix("number ") or index[1]
            text = "`{name}` has {members} here, numbered from 0, and the line asks for number {at}"
            members = counted(int(kind.split(" ")[1]), "member")
            if re.fullmatch(r"-?\d+", at):
                return said(text, LAYER, name=name, members=members, at=at)
            return said(
                "`{name}` has {members} here, and the line asks for one more", LAYER, name=name, members=members
            )
    return said("a {kind} is asked for a member that it does not have", LAYER, kind=found[1])


@rule("IndexError", r"index (-?\d+) is out of bounds for (?:dimension|axis) (\d+) with size (\d+)")
def no_entry(found: re.Match[str], _raising: Raising) -> Sentence:
    """A tensor that is shorter than the code takes it to be."""
    text = "the line asks for entry {at} along axis {axis}, which has {size} here, numbered from 0"
    question = "How many entries has the tensor: is that number written down, or asked for?"
    return said(text, question, at=found[1], axis=found[2], size=found[3])


RULES = (
    undefined,
    unset,
    unbound,
    of_a_dict,
    of_plain,
    of_nothing,
    of_a_function,
    of_others,
    no_key,
    number_for_key,
    tensor_for_key,
    no_member,
    no_entry,
    always(
        "ImportError",
        r"cannot import name '(\w+)' from '([\w.]+)'",
        "`{2}` has no `{1}` that could be imported",
        "How is it spelt?",
    ),
)
