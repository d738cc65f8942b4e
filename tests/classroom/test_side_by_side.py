"""Two files beside each other: what says the same is found whatever it is called, what everybody has is not marked."""

from autograder.classroom.side_by_side import LONGEST_LINE, MOST_LINES, common_lines, compare

ONE = """import torch

def loss(y_pred, y):
    # the residual
    residual = y_pred - y
    return (residual ** 2).sum() / 2

def update(p, g):
    return p - g
""".splitlines()
RENAMED = """import torch
def update(a, b):
    return a-b
def loss(guess, truth):
    r = guess - truth  # how far off

    return (r**2).sum()/2
""".splitlines()


def partners(lines) -> dict[int, int]:
    return {line.number: line.partner for line in lines if line.partner}


def test_names_spaces_comments_and_the_order_of_functions_are_set_aside() -> None:
    found = compare(ONE, RENAMED)
    assert partners(found.one) == {1: 1, 3: 4, 5: 5, 6: 7, 8: 2, 9: 3}
    assert partners(found.other) == {1: 1, 4: 3, 5: 5, 7: 6, 2: 8, 3: 9}
    assert [line.text for line in found.one] == ONE


def test_other_code_is_not_the_same() -> None:
    other = [
        "def loss(y_pred, y):",
        "    return torch.mean((y_pred - y) ** 2)",
        "",
        "def update(p, g):",
        "    return p + g",
    ]
    assert partners(compare(ONE, other).one) == {}
    assert compare([], other).one == ()


def test_what_most_others_have_is_not_marked() -> None:
    common = common_lines([ONE[:6], ONE[:6], ["x = 1"]])
    assert partners(compare(ONE, RENAMED, common).one) == {9: 3}
    assert common_lines([ONE]) == frozenset()  # of one file, nothing can be called common
    assert common_lines([]) == frozenset()


def test_long_files_are_cut() -> None:
    found = compare(["x" * 999] * (MOST_LINES + 5), ["y"])
    assert (len(found.one), len(found.one[0].text), found.left_out) == (MOST_LINES, LONGEST_LINE, (5, 0))


def test_what_was_handed_out_is_folded() -> None:
    handed_out = [f"# step {at}" for at in range(9)]
    mine = ["a = b * c", *handed_out, "d = a + 1", *handed_out[:3]]
    found = compare(mine, mine, common_lines([handed_out, handed_out]))
    assert [(line.number, line.partner) for line in found.one] == [(1, 1), (0, 0), (11, 11), (12, 0), (13, 0), (14, 0)]
    assert found.one[1].text == "… 9 lines that most others have, too"
