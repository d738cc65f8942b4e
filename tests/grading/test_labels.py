"""What a reader calls the parts of an answer."""

import pytest

from autograder.grading.labels import Labels, quoted

LAYERS = Labels(("weights", "loss"), (("weights.#", "weights of layer {n}"),))
BATCHES = Labels((), (("#", "batch {n}"), ("#.1", "y of batch {n}")), passes=2)
OUTPUTS = Labels((), (("", "tensor"), ("0", "X"), ("#", "the output of layer {i}")))


@pytest.mark.parametrize(
    ("labels", "place", "label"),
    [
        (Labels(), (), ""),
        (Labels(), ("a",), "a"),
        (Labels(), (2,), "number 3"),
        (Labels(("parameters", "loss")), (0, "a1"), "a1"),
        (Labels(("m", "v")), (1, "a"), "a of v"),
        (Labels(("losses",)), (0, 1), "losses, number 2"),
        (LAYERS, (0, 1), "weights of layer 2"),
        (LAYERS, (1,), "loss"),
        (BATCHES, (0, 1), "y of batch 1"),
        (OUTPUTS, (0,), "X"),
        (OUTPUTS, (2,), "the output of layer 2"),
    ],
)
def test_names(labels, place, label):
    assert labels(place) == label


def test_what_comes_several_times_over_is_counted_once():
    assert BATCHES((3, 1), 4) == "y of batch 2"
    assert (BATCHES.counted(4), BATCHES.counted(2), OUTPUTS.counted(3)) == ("2 batches", "1 batch", "3 tensors")
    assert Labels().counted(2) == "2 values"


def test_a_name_of_pythons_stands_in_backticks():
    assert (quoted("a1"), quoted("y of batch 2"), quoted("")) == ("`a1`", "y of batch 2", "the answer")
