"""Hints for exercise 2: two layers, one factor."""

from autograder.grading.ladders import Ladder

PARAMETERS = {"a1": 2, "b1": 1, "a2": 4, "b2": -1}
RATES = {"a1": 0.1, "b1": 0.5, "a2": 0.2, "b2": 1}
GRADIENTS = {"a1": 28, "b1": 12, "a2": 17, "b2": 3}

LADDERS = (
    Ladder(
        "forward",
        question="Layer two never sees x. What does it take in instead?",
        formula=("ŷᵢ = a₂ · ⎵ + b₂", "Layer one is a line as in exercise 1, with a₁ and b₁."),
        given={"parameters": PARAMETERS, "x": [1, 3]},
        steps=(("g", "[2·1 + 1, 2·3 + 1] = [3, 7]"), ("ŷ", "[4·3 − 1, 4·7 − 1] = [11, 27]")),
        section="Forward",
        hidden="Take one sample, then sixty. Which shape do g and ŷ have each time?",
    ),
    Ladder(
        "loss",
        question="One prediction is 3 too high, another 3 too low. Should the two errors cancel each other?",
        formula=("L = ½ Σ ⎵", "What is done to each residual before all are added?"),
        given={"y_pred": [11, 27], "y": [10, 25]},
        steps=(("r", "[11 − 10, 27 − 25] = [1, 2]"), ("L", "½·(1 + 4) = 2.5")),
        section="Measure the error",
        hidden="Take one sample, then sixty. Which number in your code should change with them, and does it?",
    ),
    Ladder(
        "manual_gradients",
        question="If somebody gave you g and ŷ but hid x, could you still train layer two?",
        formula=(
            "∂L/∂a₂ = Σ rᵢ · ⎵",
            "The blank is what a₂ is multiplied by in ŷᵢ.",
            "For b₂ ask the same: what is b₂ multiplied by?",
        ),
        given={"g": [3, 7], "y_pred": [11, 27], "y": [10, 25]},
        steps=(
            ("r", "[11 − 10, 27 − 25] = [1, 2]"),
            ("∂L/∂a₂", "1·3 + 2·7 = 17"),
            ("∂L/∂b₂", "1 + 2 = 3"),
        ),
        section="Layer two",
        hidden="Take one sample, then sixty. Which shape does each gradient have, one time and the other?",
    ),
    Ladder(
        "chain_rule_gradients",
        question="Follow a nudge of a₁ forward: what does it move first, what does that move, and by how much each?",
        formula=(
            "∂L/∂a₁ = Σ rᵢ · ⎵ · xᵢ",
            "The blank is how much ŷᵢ grows for each unit that gᵢ grows.",
            "For b₁ only xᵢ changes: how much does gᵢ grow for each unit of b₁?",
        ),
        given={"parameters": PARAMETERS, "x": [1, 3], "y_pred": [11, 27], "y": [10, 25]},
        steps=(
            ("r", "[11 − 10, 27 − 25] = [1, 2]"),
            ("∂L/∂g", "[1·4, 2·4] = [4, 8]"),
            ("∂L/∂a₁", "4·1 + 8·3 = 28"),
            ("∂L/∂b₁", "4 + 8 = 12"),
        ),
        section="Layer one: the chain rule",
        hidden="Take one sample only. Through which links does a nudge of a₁ go in your code?",
    ),
    Ladder(
        "update",
        question="If the loss grows when a parameter grows, should the step make it larger or smaller?",
        formula=("θ ← θ − ⎵ · ∂L/∂θ", "So for each of the four parameters θ, with what belongs to it."),
        given={"parameters": PARAMETERS, "gradients": GRADIENTS, "learning_rates": RATES},
        steps=(
            ("new a₁", "2 − 0.1·28 = −0.8"),
            ("new b₁", "1 − 0.5·12 = −5"),
            ("new a₂", "4 − 0.2·17 = 0.6"),
            ("new b₂", "−1 − 1·3 = −4"),
        ),
        section="Take a step",
        hidden="A learning rate may be a Python number or a tensor, small or large. Which of your lines would mind?",
    ),
    Ladder(
        "train_step",
        question="Once layer two has moved, is it still the layer that made the prediction?",
        formula=(
            "1. forward, at the parameters that came in",
            "2. the loss, and all four gradients, at ⎵",
            "3. one update of all four",
        ),
        given={"parameters": PARAMETERS, "x": [1, 3], "y": [10, 25], "learning_rates": RATES},
        steps=(
            ("g", "[2·1 + 1, 2·3 + 1] = [3, 7]"),
            ("r", "[4·3 − 1 − 10, 4·7 − 1 − 25] = [1, 2]"),
            ("loss", "½·(1 + 4) = 2.5"),
            ("∂L/∂a₂, ∂L/∂b₂", "[1·3 + 2·7, 1 + 2] = [17, 3]"),
            ("∂L/∂a₁, ∂L/∂b₁", "[4·1 + 8·3, 4 + 8] = [28, 12]"),
            ("new a₁", "2 − 0.1·28 = −0.8"),
            ("new b₁", "1 − 0.5·12 = −5"),
            ("new a₂", "4 − 0.2·17 = 0.6"),
            ("new b₂", "−1 − 1·3 = −4"),
        ),
        section="All of it together",
        hidden="There may be one sample, and rates may be tensors. Which of your lines would mind?",
    ),
    Ladder(
        "collapse",
        question="Where does the one line cross x = 0, and by how much does it rise when x grows by 1?",
        formula=("ŷ = a₂·(a₁·x + b₁) + b₂ = ⎵·x + …", "What stands alone once you have multiplied out?"),
        given={"parameters": PARAMETERS},
        steps=(
            ("ŷ at x = 0", "4·(2·0 + 1) − 1 = 3"),
            ("ŷ at x = 1", "4·(2·1 + 1) − 1 = 11"),
            ("a", "11 − 3 = 8"),
            ("b", "3"),
        ),
        section="What have two layers gained?",
        hidden="Make a slope negative, or an intercept large. Does your line still give what both layers give?",
    ),
)
