"""What it means that a value is of the wrong kind, for beginners."""

import re

from autograder.grading.raising import Raising, Sentence, always, named, rule, said

FUNCTIONS = ("function", "method", "builtin_function_or_method", "builtin_method")
BRACKETS = "a function is used without being called: its brackets ( ) are missing"
RETURNS = "Does the function that gave it return something?"
DICT = "Which of its values do you want here?"
LIST = "Which of its members do you want here?"
COUNT = "What does `/` give where both numbers are whole, and what does `//`?"


def _of(kind: str, raising: Raising, text: str) -> Sentence:
    """Explain an operation with a value of a kind that cannot be reckoned with; `text` says what is done with it."""
    if kind in FUNCTIONS:
        found = re.search(r"(\w+(?:\.\w+)+)(?![\w(.])", raising.line)
        where = f"`{found[1]}`" if found else "a function"
        return said("{where} is used without being called: its brackets ( ) are missing", where=where)
    labels = {"NoneType": "None", "str": "text"}
    name = raising.first(labels.get(kind, kind))
    what = f"`{name}` is {named(kind)} here" if name else f"one of the values is {named(kind)}"
    questions = {
        "NoneType": RETURNS,
        "dict": DICT,
        "list": LIST,
        "tuple": "Which function gave it, and how many values?",
    }
    question = questions.get(kind, "Where does it come from?")
    return said("{what}; " + text, question, what=what)


@rule("TypeError", r"unsupported operand type\(s\) for (.+?): '([\w.]+)' and '([\w.]+)'")
def operands(found: re.Match[str], raising: Raising) -> Sentence | None:
    """An operation with what is no number."""
    sign, left, right = found[1].removesuffix(" or pow()"), found[2], found[3]
    if sign == "^":
        return power.explain(found, raising)
    order = ("NoneType", *FUNCTIONS, "str", "dict", "list", "tuple", "type", "module")
    odd = next((kind for kind in order if kind in (left, right)), None)
    return None if odd is None else _of(odd, raising, f"`{sign}` cannot reckon with that")


@rule("TypeError", r"bad operand type for (unary .|abs\(\)): '(\w+)'")
def operand(found: re.Match[str], raising: Raising) -> Sentence:
    """A sign before what is no number."""
    return _of(found[2], raising, f"`{found[1].removeprefix('unary ')}` cannot reckon with that")


@rule("TypeError", r"'(?:<|>|<=|>=)' not supported between instances of '(\w+)' and '(\w+)'")
def compared(found: re.Match[str], raising: Raising) -> Sentence:
    """A comparison with what is no number."""
    kinds = [kind for kind in found.groups() if kind not in ("Tensor", "int", "float", "bool")]
    return _of((kinds or [found[1]])[0], raising, "it cannot be compared with a number")


@rule("NotImplementedError RuntimeError TypeError", r"bitwise_(xor|and|or)_cpu|unsupported operand type\(s\) for \^")
def power(found: re.Match[str], raising: Raising) -> Sentence:
    """A sign that means something else in Python."""
    if "^" in raising.line or (found.lastindex and found[1] == "xor"):
        return said("`^` is no power in Python", "Which operator is?")
    sign = "&" if "&" in raising.line else "|"
    return said("`{sign}` does not work on these numbers: it joins bits, or True and False", sign=sign)


@rule("TypeError", r"'([\w.]+)' object is not callable")
def not_callable(found: re.Match[str], raising: Raising) -> Sentence:
    """Round brackets behind what is no function."""
    kind = found[1]
    if kind in ("int", "float") and re.search(r"(?<![\w.])\d+\.?\d*\s*\(", raising.line):
        return said("a number stands right before a bracket `(`", "Which sign between them multiplies?")
    if re.search(r"\.T\s*\(", raising.line):
        return said("`.T` takes no brackets ( )")
    if re.search(r"\.shape\s*\(", raising.line):
        return said("`.shape` takes no brackets ( ); one of its sizes is looked up with [ ]")
    named_ones = [name for name, _ in raising.raised.names if re.search(rf"\b{name}(?:\[[^\]]*\])?\s*\(", raising.line)]
    name = named_ones[0] if named_ones else ""
    if name and name in raising.functions:
        text = "`{name}` is a variable here, so your function `{name}` is hidden"
        return said(text, "What else could the variable be called?", name=name)
    what = f"`{name}` is {named(kind)}" if name else f"{named(kind)} stands before a bracket `(`"
    question = "Do you want to look something up with [ ], or to multiply with `*`?"
    return said("{what}; round brackets ( ) call a function", question, what=what)


@rule("TypeError", r"'([\w.]+)' object is not subscriptable")
def not_subscriptable(found: re.Match[str], raising: Raising) -> Sentence:
    """Square brackets behind what has no parts."""
    kind = found[1]
    if kind in FUNCTIONS:
        return said("a function stands before [ ]; it is called with round brackets ( )")
    return _of(kind, raising, "nothing can be looked up in it with [ ]")


@rule("TypeError", r"(?:([\w.<>]+)\.)?([\w<>]+)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.*)")
def missing(found: re.Match[str], _raising: Raising) -> Sentence:
    """A call that leaves arguments out."""
    name = found[1] if found[2] in ("__init__", "forward") and found[1] else found[2]
    return said("`{name}` is called here without {what}", name=name, what=found[3].replace("'", "`"))


@rule("TypeError", r"(?:[\w.<>]+\.)?([\w<>]+)\(\) takes (.+?) positional arguments? but (\d+) (?:was|were) given")
def too_many(found: re.Match[str], _raising: Raising) -> Sentence:
    """A call with too many arguments."""
    text = "`{name}` takes {due} arguments, and this line gives it {given}"
    return said(text, "In its `def` line, which arguments does it have?", name=found[1], due=found[2], given=found[3])


@rule(
    "TypeError",
    r"(?:[\w.<>]+\.)?([\w<>]+)\(\) got (?:an unexpected keyword|multiple values for|some positional-only) argument",
)
def keyword(found: re.Match[str], raising: Raising) -> Sentence:
    """NumPy's function that hands on what a tensor's own does not know; or a name that a function does not have."""
    numpys = re.search(r"\b(?:np|numpy)\.(\w+)\(", raising.line)
    if numpys and numpys[1] == found[1]:
        text = "NumPy's `{name}` cannot take this tensor"
        return said(text, f"Which `{numpys[1]}` does the tensor itself, or torch, have?", name=f"np.{numpys[1]}")
    wrong = re.search(r"argument '(\w+)'", raising.raised.text)
    text = "`{name}` has no argument called `{wrong}`, or gets it twice"
    return said(text, name=found[1], wrong=wrong[1] if wrong else "?")


@rule("TypeError", r"new\(\): invalid data type 'str'|too many indices for tensor|only integers, slices.*got str")
def tensor_asked_by_name(_found: re.Match[str], raising: Raising) -> Sentence | None:
    """A tensor asked for a key: mostly arguments that have changed places."""
    return _asked_by_name(raising)


def _asked_by_name(raising: Raising) -> Sentence | None:
    for name, kind in raising.raised.names:
        if kind.startswith("tensor") and re.search(rf"\b{name}\[\s*f?[\"']", raising.line):
            if name in raising.parameters or name in ("parameters", "gradients", "learning_rates"):
                text = "`{within}` got a tensor as `{name}`, where a dict is due"
                question = "In which order does it take its arguments, and in which are they given?"
                return said(text, question, within=raising.within, name=name)
            return said("`{name}` is a tensor, which has no keys", "Which of the dicts did you mean?", name=name)
    return None


@rule("TypeError", r"only integer tensors of a single element can be converted to an index")
def tensor_for_index(_found: re.Match[str], raising: Raising) -> Sentence:
    """Text or a list times a tensor, or a tensor where Python counts."""
    if name := raising.first("text"):
        question = "Taken apart with `,` or `for`, what does a dict give: its keys or its values?"
        return said("`{name}` is text here, not a number", question, name=name)
    if re.search(r"\brange\s*\(", raising.line):
        return said("`range` wants a whole number and got a tensor", "How many samples are there?")
    if (name := raising.first("list")) and re.search(rf"\b{name}\b\s*\*|\*\s*{name}\b", raising.line):
        return said("`{name}` is a list, and a list cannot be multiplied by a tensor", LIST, name=name)
    return said("a tensor stands where Python counts: in [ ], in `range`, or as `number * list`", "Which value is it?")


@rule("TypeError", r"'(\w+)' object cannot be interpreted as an integer")
def no_integer(found: re.Match[str], _raising: Raising) -> Sentence:
    """A fraction, or something else, where Python counts."""
    question = COUNT if found[1] == "float" else "Which whole number is meant?"
    return said("a whole number is due here (`range` counts), and {kind} came", question, kind=named(found[1]))


@rule("TypeError", r"cannot unpack non-iterable (\w+) object")
def one_for_many(found: re.Match[str], _raising: Raising) -> Sentence:
    """One value where the line wants several."""
    text = "the line takes several values apart, and {kind} came"
    if found[1] == "NoneType":
        return said(text, RETURNS, kind=named(found[1]))
    return said(text, "How many values stand on the right of the `=`?", kind=named(found[1]))


@rule("ValueError", r"(not enough|too many) values to unpack \(expected (\d+)(?:, got (\d+))?\)")
def unpacked(found: re.Match[str], raising: Raising) -> Sentence:
    """A line with another number of names on its left than values on its right."""
    if re.search(r"\bfor\b.*\bin\b", raising.line) and raising.first("dict"):
        name = raising.first("dict")
        return said("a loop over the dict `{name}` gives its keys alone", "What gives keys and values?", name=name)
    got = f"there are {found[3]}" if found[3] else "there are more" if found[1] == "too many" else "there are fewer"
    question = "How many values stand on the right: one for each sample, each layer, each batch?"
    return said("the line wants {due} values, and {got}", question, due=found[2], got=got)


@rule("TypeError", r"iteration over a 0-d tensor")
def looped_number(_found: re.Match[str], _raising: Raising) -> Sentence:
    """A single number taken for several."""
    text = "a tensor that is a single number is looped over, or taken apart"
    return said(text, "Which function or sum made a single number of it?")


@rule("TypeError", r"'([\w.]+)' object is not iterable")
def not_iterable(found: re.Match[str], raising: Raising) -> Sentence:
    """A loop over what has no members."""
    if found[1] in FUNCTIONS:
        return said(BRACKETS)
    if found[1] == "int" and re.search(r"\bin\s+(?:len\(|\w+\s*:)", raising.line):
        return said("`for … in` wants several things, and a single number came", "What makes 0, 1, 2, … of a number?")
    if re.search(r"optim\.\w+\(", raising.line):
        return said("an optimizer wants the model's parameters", "How does one ask a model for its parameters?")
    return _of(found[1], raising, "it has no members to go through")


@rule("TypeError", r"(list|tuple|string) ind(?:ices|ex) must be integers(?: or slices)?,? not '?(\w+)'?")
def index_kind(found: re.Match[str], raising: Raising) -> Sentence:
    """A list asked by what is no place."""
    name = raising.first("text" if found[1] == "string" else found[1])
    owner = f"`{name}`" if name else "one of the values"
    what = "text" if found[1] == "string" else f"a {found[1]}"
    if found[2] == "str":
        question = "Where is the dict that has this key?"
        return said("{owner} is {what} here, and is asked for a key", question, owner=owner, what=what)
    if found[2] == "float":
        return said("{owner} is {what}: its members have whole numbers", COUNT, owner=owner, what=what)
    text = "{owner} is {what}: its members have whole numbers, and {kind} stands in [ ]"
    return said(text, "Which member do you want?", owner=owner, what=what, kind=named(found[2]))


@rule("TypeError", r"unhashable type: '([\w.]+)'")
def unhashable(found: re.Match[str], _raising: Raising) -> Sentence:
    """A dict or a set asked by what cannot be a key."""
    if found[1] == "slice":
        return said("a dict is asked for a range [ : ]; it is asked by its keys", DICT)
    return said(
        "{kind} is used as a key of a dict", 'Which name should be the key, as in {"a": …}?', kind=named(found[1])
    )


@rule("TypeError", r"(\w+)\(\): argument '\w+'.* must be ([\w ]+?), not ([\w.]+)")
def torch_argument(found: re.Match[str], raising: Raising) -> Sentence:
    """A function of torch that got something else than a tensor."""
    name, kind = found[1], found[3]
    if kind in FUNCTIONS:
        return said("`{name}` got a function that has not been called: its brackets ( ) are missing", name=name)
    question = {"list": LIST, "dict": DICT, "NoneType": RETURNS}.get(kind, "What would make a tensor of it?")
    if kind in ("float", "int"):
        question = "Is a plain number meant, or has something become one too early?"
    due = "a tensor" if found[2] == "Tensor" else found[2].replace("Tensors", "tensors")
    return said("`{name}` takes {due}, and got {kind}", question, name=name, due=due, kind=named(kind))


RULES = (
    operands,
    operand,
    compared,
    power,
    not_callable,
    not_subscriptable,
    missing,
    too_many,
    keyword,
    tensor_asked_by_name,
    tensor_for_index,
    no_integer,
    one_for_many,
    unpacked,
    looped_number,
    not_iterable,
    index_kind,
    unhashable,
    torch_argument,
    always(
        "TypeError",
        r"can only concatenate (list|tuple|str) \(not \"(.*)\"\) to",
        "`+` puts a {1} and a {1} together, and here a {2} follows the {1}",
        "Do you want to add numbers here, or to append?",
    ),
    always("TypeError", r"can't multiply sequence by non-int", "a list cannot be multiplied by a number", LIST),
    always(
        "TypeError",
        r"'(tuple|str|float|int)' object does not support item assignment",
        "a {1} cannot be changed with [ ] = …",
        "Which kind of value can be?",
    ),
    always("TypeError", r"'Tensor' object is not a mapping", "a tensor stands where a dict is due"),
    always(
        "TypeError",
        r"len\(\) of a 0-d tensor",
        "`len` is asked of a tensor that is a single number",
        "Which tensor has one entry a sample?",
    ),
    always(
        "TypeError",
        r"object of type '(\w+)' has no len\(\)",
        "`len` is asked of a value that has no members ({1})",
        "Whose members do you want to count?",
    ),
    always(
        "TypeError",
        r"expected Tensor as element \d+ in argument 0, but got (\w+)",
        "a list of tensors is due, and one member is a plain {1}",
        "What would make a tensor of it?",
    ),
    always("TypeError", r"slice indices must be integers", "in [ : ] stand whole numbers", COUNT),
    always(
        "TypeError",
        r"list is not a Module subclass",
        "`nn.Sequential` takes the layers one by one, without a list around them",
    ),
    always(
        "TypeError",
        r"append\(\) takes exactly one argument",
        "`append` takes one value at a time",
        "Should the values be put together first, or appended to two lists?",
    ),
)
