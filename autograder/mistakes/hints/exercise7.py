"""Hints for exercise 7: softmax and cross-entropy."""

from autograder.grading.ladders import Ladder

# Logits whose exponentials are 1, 3 and 4, or nearly.
Z = [[0, 1.0986123], [1.0986123, 0]]

LADDERS = (
    Ladder(
        "softmax",
        question="If every weight of a row is doubled, what becomes of the shares?",
        formula=("share = weight / ⎵", "The weight is e to the logit. The blank is one number for each row."),
        given={"Z": Z},
        steps=(
            ("weights, row 1", "[1, 3]"),
            ("sum, row 1", "1 + 3 = 4"),
            ("shares, row 1", "[1/4, 3/4] = [0.25, 0.75]"),
            ("shares, row 2", "[3/4, 1/4] = [0.75, 0.25]"),
        ),
        section="Shares that add up to 1",
        hidden="A row may hold 10000 and −10000, or one logit alone. What does each of your lines give then?",
    ),
    Ladder(
        "log_softmax",
        question="What is the logarithm of a fraction, in terms of the logarithms above and below the line?",
        formula=("ln(share) = z − ⎵", "The blank is one number for each row, the logarithm of a sum."),
        given={"Z": Z},
        steps=(
            ("ln of the sum", "1.3862944"),
            ("row 1, class 1", "1.0986123 − 1.3862944 = −0.2876821"),
            ("row 1", "[−1.3862944, −0.2876821]"),
            ("row 2", "[−0.2876821, −1.3862944]"),
        ),
        section="Their logarithms",
        hidden="A logit may lie 20000 below the largest. Through which numbers does your code get to its logarithm?",
    ),
    Ladder(
        "cross_entropy",
        question="Two networks give the right class the shares 0.9 and 0.01. Which loss is larger, and how much?",
        formula=("L = −(1/n) Σ ⎵", "The blank is one number of each row, at a place that `targets` says."),
        given={"Z": Z, "targets": [1, 1]},
        steps=(
            ("losses", "[0.2876821, 1.3862944]"),
            ("L", "(0.2876821 + 1.3862944)/2 = 0.8369882"),
        ),
        section="A loss for classes",
        hidden="The right class may have next to no share. Through which numbers does your code get to its loss?",
    ),
    Ladder(
        "cross_entropy_gradient",
        question="A row is all right: the right class has the share 1. Which way should each logit move?",
        formula=("∂L/∂z = (share − ⎵) / n", "The blank is 1 in a single column of each row, and else 0."),
        given={"Z": Z, "targets": [1, 1]},
        steps=(
            ("row 1", "[0.25/2, (0.75 − 1)/2] = [0.125, −0.125]"),
            ("row 2", "[0.75/2, (0.25 − 1)/2] = [0.375, −0.375]"),
        ),
        section="Its gradient",
        hidden="There may be one sample only, or logits of 10000. What does each of your lines give then?",
    ),
    Ladder(
        "accuracy",
        question="Does the largest share of a row stand in another column than its largest logit?",
        formula=("accuracy = ⎵ / n", "Of which samples is the blank the number?"),
        given={"Z": Z, "targets": [1, 1]},
        steps=(("column of the largest", "[1, 0]"), ("right", "1"), ("accuracy", "1/2 = 0.5")),
        section="How many are right?",
        hidden="There may be one sample only, or one class. Which values can your answer have then?",
    ),
)
