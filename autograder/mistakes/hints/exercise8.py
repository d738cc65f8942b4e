"""Hints for exercise 8: your own autograd."""

from autograder.grading.ladders import Ladder

LADDERS = (
    Ladder(
        "evaluate",
        question="Which of the five operations have two inputs, and which have one?",
        formula=("mul: u · ⎵", "For the last three: which function of PyTorch has this name?"),
        given={"u": 2, "v": 5},
        steps=(("add", "2 + 5 = 7"), ("mul", "2·5 = 10")),
        section="One operation",
        hidden="Both inputs may be one and the same value, or negative. Which of your lines would mind?",
    ),
    Ladder(
        "local_gradients",
        question="Hold one input still and let the other grow by 0.1: what does the result do?",
        formula=(
            "∂(u·v)/∂u = ⎵",
            "How long must the list be for `add` and `mul`, and how long for the others?",
            "relu stays 0 on one side of 0. How fast does it grow on the other side?",
        ),
        given={"u": 2, "v": 5},
        steps=(("mul, u a little larger", "2.1·5 − 2·5 = 0.5"), ("mul, v a little larger", "2·5.1 − 2·5 = 0.2")),
        section="The derivatives of one operation",
        hidden="Both inputs may be one and the same value. How many derivatives does your code give then?",
    ),
    Ladder(
        "topological_order",
        question="You stand at a name. What must be in the list already, before this name may be put there?",
        formula=(
            "order = inputs first, then ⎵",
            "How do you know a leaf, and what does it need?",
            "How do you see that a name has been written down before?",
        ),
        given={"places": [1, 2, 3]},
        steps=(("names of s = x + y", "2 + 1 = 3"),),
        section="In which order?",
        hidden="The output may be a leaf, or the end of a chain of 10,000. Which of your lines would mind?",
    ),
    Ladder(
        "forward",
        question="When a node has its turn, what is known of its inputs?",
        formula=("value of a node = operation of ⎵", "Where does the value of a leaf come from?"),
        given={"x": 2, "y": 1, "z": -1},
        steps=(("s", "2 + 1 = 3"), ("L", "3·(−1) = −3")),
        section="Forward",
        hidden="The output may be a leaf, and inputs may hold names that nobody needs. Which of your lines would mind?",
    ),
    Ladder(
        "backward",
        question="A node's gradient is known. What does it pass down to one of its inputs?",
        formula=(
            "share = ∂L/∂u · ⎵",
            "What becomes of a share if the input has got one already?",
            "Which gradient is known before all others?",
        ),
        given={"x": 2, "y": 1, "z": -1},
        steps=(("for z", "1·(2 + 1) = 3"), ("for s", "1·(−1) = −1"), ("for x", "−1·1 = −1")),
        section="Backward",
        hidden="The output may be a leaf, or the end of a long chain. Which of your lines would mind?",
    ),
)
