"""Hints for exercise 1: one layer, one factor."""

from autograder.grading.ladders import Ladder

PARAMETERS = {"a": 2, "b": 1}

LADDERS = (
    Ladder(
        "predict",
        question="How does the prediction change when x grows by 1? And what is it at x = 0?",
        formula=("ŷᵢ = ⎵ + b", "What does a do to xᵢ?"),
        given={"parameters": PARAMETERS, "x": [1, 3]},
        steps=(("ŷ", "[2·1 + 1, 2·3 + 1] = [3, 7]"),),
        section="Predict",
        hidden="Take one sample, then sixty. Which number in your code stands for how many there are?",
    ),
    Ladder(
        "loss",
        question="One prediction is 3 too high, another 3 too low. Should the two errors cancel each other?",
        formula=("L = ½ Σ ⎵", "What is done to each residual before all are added?"),
        given={"y_pred": [3, 7], "y": [1, 10]},
        steps=(("r", "[3 − 1, 7 − 10] = [2, −3]"), ("L", "½·(4 + 9) = 6.5")),
        section="Measure the error",
        hidden="Take one sample, then sixty. Which number in your code should change with them, and does it?",
    ),
    Ladder(
        "manual_gradients",
        question="Two samples have the same residual, one at x = 0, one at x = 100. Which has a say in a?",
        formula=(
            "∂L/∂a = Σ rᵢ · ⎵",
            "The blank is how much ŷᵢ grows for each unit that a grows.",
            "For b ask the same: how much does ŷᵢ grow for each unit of b?",
        ),
        given={"parameters": PARAMETERS, "x": [1, 3], "y": [1, 10]},
        steps=(
            ("ŷ", "[2·1 + 1, 2·3 + 1] = [3, 7]"),
            ("r", "[3 − 1, 7 − 10] = [2, −3]"),
            ("∂L/∂a", "2·1 + (−3)·3 = −7"),
            ("∂L/∂b", "2 + (−3) = −1"),
        ),
        section="Which way is downhill?",
        hidden="Take one sample, then sixty. What is each gradient made of, one time and the other?",
    ),
    Ladder(
        "update",
        question="If the loss grows when a grows, should the step make a larger or smaller?",
        formula=("a ← a − ⎵ · ∂L/∂a", "b goes the same way, with what belongs to b."),
        given={
            "parameters": PARAMETERS,
            "gradients": {"a": -7, "b": -1},
            "learning_rates": {"a": 0.1, "b": 0.5},
        },
        steps=(("new a", "2 − 0.1·(−7) = 2.7"), ("new b", "1 − 0.5·(−1) = 1.5")),
        section="Take a step",
        hidden="A learning rate may be a Python number or a tensor, small or large. Which of your lines would mind?",
    ),
    Ladder(
        "train_epoch",
        question="Five samples in batches of two: how many steps does an epoch take, and where does each one start?",
        formula=(
            "for each batch, in order:",
            "    add its loss to the loss of the epoch",
            "    take one step with its gradients",
            "    the next batch starts from ⎵",
        ),
        given={
            "parameters": PARAMETERS,
            "x": [1, 3],
            "y": [1, 4],
            "learning_rates": {"a": 0.5, "b": 0.5},
            "batch_size": 1,
        },
        steps=(
            ("batch 1: r", "2·1 + 1 − 1 = 2"),
            ("its loss", "½·2² = 2"),
            ("its step: a", "2 − 0.5·2 = 1"),
            ("its step: b", "1 − 0.5·2 = 0"),
            ("batch 2: r", "1·3 + 0 − 4 = −1"),
            ("loss of batch 2", "½·(−1)² = 0.5"),
            ("new a", "1 − 0.5·(−3) = 2.5"),
            ("new b", "0 − 0.5·(−1) = 0.5"),
            ("epoch_loss", "2 + 0.5 = 2.5"),
        ),
        section="Once through the data",
        hidden="Take five samples by ten, then by one. Where does the first batch end each time?",
    ),
)
