"""What Python does not understand in a file, in a sentence for beginners; else it stays as Python says it."""

import re
import unicodedata

PRINTED = {
    "−": "a printed minus, copied from a text; the key - types the one that Python knows",
    "–": "a dash, copied from a text; the key - types the minus that Python knows",
    "—": "a dash, copied from a text; the key - types the minus that Python knows",
    "½": "the printed half; Python writes it 0.5",
    "¼": "the printed quarter; Python writes it 0.25",
    "²": "a printed square; Python writes it ** 2",
    "×": "the printed times; Python writes *",
    "·": "the printed times; Python writes *",
    "⋅": "the printed times; Python writes *",
    "÷": "the printed division; Python writes /",
    "∑": "the printed sum; Python calls a function for it",
    "√": "the printed root; Python calls a function for it",
    "≤": "printed; Python writes <=",
    "≥": "printed; Python writes >=",
    "≠": "printed; Python writes !=",
    "…": "three dots in one character; Python writes ...",
}
QUOTES = "“”„‟‘’‚‛«»′″"
BLANK = "a blank of another kind, copied from a web page or a text; delete it and type a plain one"
# What Python says, and what that means. `{1}` and further stand for the groups.
RULES = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"'(.)' was never closed", "a {1} is opened here and never closed"),
        (r"unmatched '(.)'", "a {1} closes here that was never opened"),
        (r"closing parenthesis '(.)' does not match opening parenthesis '(.)'", "a {2} was opened, and a {1} closes"),
        (r"expected ':'", "a colon : is missing at the end of this line"),
        (
            r"expected an indented block after (.+) on line (\d+)",
            "the line after the {1} of line {2} is to be indented",
        ),
        (r"unexpected indent", "this line is indented further than the one above, for no reason"),
        (r"unindent does not match", "this line begins at a column where no line above it begins"),
        (r"inconsistent use of tabs", "this line is indented with a tab, others with blanks; use blanks alone"),
        (r"unterminated (?:triple-quoted )?string|EOL while scanning", "the closing quote of a text is missing"),
        (r"invalid decimal literal", "a number runs into what follows it here: is a bracket or a sign missing?"),
        (r"Perhaps you forgot a comma", "something is missing here between two values: a comma, a sign or a bracket?"),
        (r"cannot assign to (.+?) here|cannot assign to (\w+ ?\w*)", "only a name can stand left of a ="),
        (r"Maybe you meant '=='|perhaps you meant \"==\"", "one = gives a name its value; two == compare"),
        (r"'return' outside function", "this `return` stands outside of a function: is it indented?"),
        (
            r"'(?:break|continue)' (?:outside|not properly in) loop",
            "this line stands outside of a loop: is it indented?",
        ),
        (r"Missing parentheses in call to '(\w+)'", "`{1}` is called with round brackets ( )"),
        (r"positional argument follows keyword argument", "arguments without a name come before those with one"),
        (r"non-default argument|parameter without a default", "parameters without a value come before those with one"),
        (r"duplicate argument '(\w+)'", "`{1}` stands twice among the parameters"),
        (r"invalid non-printable character", "here stands " + BLANK),
        (r"unexpected EOF|unexpected end of file", "the file ends within a bracket, a text or a block"),
        (r"leading zeros", "a whole number cannot begin with a 0"),
        (r"expected '(except|finally)' or", "a `try` needs an `except` below it"),
    )
)


def explained(text: str, line: str) -> str:
    """Return a sentence for what Python says of a line, '' where there is none."""
    odd = re.search(r"invalid character '(.)'", text)
    if odd:
        return _printed(odd[1])
    if re.match(r"\s*(?:else\s+if|elseif)\b", line):
        return "Python writes elif"
    for pattern, said in RULES:
        if found := pattern.search(text):
            return re.sub(r"\{(\d)\}", lambda group: found[int(group[1])] or "", said)
    if text.startswith("invalid syntax"):
        return _unclear(line)
    return ""


def _printed(character: str) -> str:
    """Say what a character is that Python does not take."""
    if character in QUOTES:
        return f"{character} is a printed quote; Python's are \" and '"
    known = PRINTED.get(character)
    name = unicodedata.name(character, "").lower()
    return (
        f"{character} is {known}"
        if known
        else f"Python does not take the character {character} ({name}) outside of a text"
    )


def _unclear(line: str) -> str:
    """Say what a line may lack of which Python says nothing but that it is invalid."""
    if re.match(r"\s*(?:if|elif|while)\b[^=!<>]*[^=!<>]=[^=]", line):
        return "one = gives a name its value; two == compare"
    if re.search(r"\+\+|--\s*$", line):
        return "Python has no ++ and no --; it writes += 1"
    return ""
