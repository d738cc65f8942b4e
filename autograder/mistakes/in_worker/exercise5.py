"""Known mistakes of exercise 5 in the weights to start from: told by what was read of them."""

from autograder.checking import seen
from autograder.mistakes.in_worker.tables import whole

START = whole("initialize", {
    "same-start": (
        "the weights of a layer are not all different",
        "Two units of a layer start with the same weights. What will tell them apart?",
        (seen("alike in a layer"),),
    ),
    "wrong-spread": (
        "the weights have another standard deviation than is due",
        "What is the variance of a weight of a layer with 8 inputs, and what its standard deviation?",
        (seen("another spread"),),
    ),
    "wrong-mean": (
        "the weights do not lie around 0",
        "How many of the weights should be negative?",
        (seen("another mean"),),
    ),
    "not-normal": (
        "the spread is right, but the numbers do not come from a normal distribution",
        "Which of a normal and a uniform distribution has numbers far out?",
        (seen("not normal"),),
    ),
    "biases-not-zero": (
        "the weights are right; the biases do not start at 0",
        "The weights are different already. Which start is left for the biases?",
        (seen("biases not zero"),),
    ),
    "missing-transpose": (
        "the weights have a row for each input, where a row for each output is due",
        "Which shape has W in `forward`?",
        (seen("transposed"),),
    ),
    "swapped": (
        "the weights and the biases have changed places",
        "Which of the two does the description name first?",
        (seen("turned"),),
    ),
})  # fmt: skip

START_OF_LAYERS = whole("initialize", {
    "same-start": (
        "layers of one shape start with the same weights",
        "When is the generator made: once, or anew for each layer?",
        (seen("alike in two layers"),),
    ),
})  # fmt: skip

START_OF_SEEDS = whole("initialize", {
    "same-start": (
        "another seed gives the same weights",
        "What does your function do with `seed`?",
        (seen("same for another seed"),),
    ),
})  # fmt: skip
