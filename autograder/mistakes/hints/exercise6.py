"""Hints for exercise 6: better steps."""

from autograder.grading.ladders import Ladder

LADDERS = (
    Ladder(
        "momentum_step",
        question="A ball and a hiker stand on the same hill. Which of the two knows what happened before?",
        formula=("v ← ⎵ + g", "The blank is what is left of the old velocity.", "θ then goes by the new one."),
        given={"θ": 5, "g": 4, "v": 2, "η": 0.1, "μ": 0.5},
        steps=(("new v", "0.5·2 + 4 = 5"), ("new θ", "5 − 0.1·5 = 4.5")),
        section="Momentum: a ball, not a hiker",
        hidden="The dicts may hold their keys in another order. How does your code find the gradient of a parameter?",
    ),
    Ladder(
        "rmsprop_step",
        question="What is the usual size of gradients that are 5 and −5 in turn?",
        formula=("θ ← θ − η·g / (⎵ + ε)", "The blank is a usual size. s is one of squares."),
        given={"θ": 5, "g": 4, "s": 8, "η": 0.9, "ρ": 0.875, "ε": 0.5},
        steps=(
            ("new s", "0.875·8 + 0.125·16 = 9"),
            ("usual size", "3"),
            ("divisor", "3 + 0.5 = 3.5"),
            ("new θ", "5 − 0.9·4/3.5 = 3.9714286"),
        ),
        section="RMSProp: every parameter its own rate",
        hidden="A gradient may be tiny, or 0 for six steps. What does each of your lines give then?",
    ),
    Ladder(
        "adam_step",
        question="An average that begins at 0 has seen one gradient. Is it too small or too large?",
        formula=(
            "m̂ = m / (1 − ⎵)",
            "The blank is the share that the 0 of the beginning still has.",
            "v̂ is made likewise; both stay out of what is returned.",
        ),
        given={"θ": 5, "g": 4, "m": 0, "v": 0, "step": 1, "η": 0.9, "β₁": 0.5, "β₂": 0.75, "ε": 0.5},
        steps=(
            ("new m", "0.5·0 + 0.5·4 = 2"),
            ("new v", "0.75·0 + 0.25·16 = 4"),
            ("m̂", "2/0.5 = 4"),
            ("v̂", "4/0.25 = 16"),
            ("new θ", "5 − 0.9·4/(4 + 0.5) = 4.2"),
        ),
        section="Adam: both, and a fair start",
        hidden="Compare the first step with the thousandth. Which of your numbers change between them?",
    ),
    Ladder(
        "clip_by_norm",
        question="If an arrow is to be half as long and keep its direction, what happens to each of its parts?",
        formula=("g ← g · ⎵", "One factor for all. It makes the norm max_norm, or is 1."),
        given={"gradients": {"a": 6, "b": -8}, "max_norm": 5},
        steps=(("norm", "(36 + 64)**0.5 = 10"), ("factor", "5/10 = 0.5"), ("a", "6·0.5 = 3"), ("b", "−8·0.5 = −4")),
        section="A limit for steep places",
        hidden="All gradients may be 0, or tiny, or one tensor alone. What does each of your lines give then?",
    ),
)
