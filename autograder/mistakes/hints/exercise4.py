"""Hints for exercise 4: many layers, many factors."""

from autograder.grading.ladders import Ladder

DELTA = [[1, -1], [2, 1]]

LADDERS = (
    Ladder(
        "forward",
        question="A row of A_{l−1} has d_{l−1} numbers. Which rows or columns of W_l have as many?",
        formula=("A_l = A_{l−1} · ⎵ + b_l", "What does the list begin with, before any layer?"),
        given={"X": [[1, 2], [0, 1]], "W_1": [[1, 0], [2, 1], [1, 1]], "b_1": [1, 0, 2]},
        steps=(
            ("A_1, row 1", "[1·1 + 2·0 + 1, 1·2 + 2·1 + 0, 1·1 + 2·1 + 2] = [2, 4, 5]"),
            ("A_1, row 2", "[0·1 + 1·0 + 1, 0·2 + 1·1 + 0, 0·1 + 1·1 + 2] = [1, 1, 3]"),
        ),
        section="Forward",
        hidden="How many layers does your loop go through, and where does it get that number from?",
    ),
    Ladder(
        "loss",
        question="How many squares are added up for n samples with three outputs each?",
        formula=("L = ½ ΣΣ ⎵",),
        given={"Y_pred": [[2, 4], [1, 0]], "Y": [[1, 5], [3, -1]]},
        steps=(
            ("residuals", "[[2 − 1, 4 − 5], [1 − 3, 0 + 1]] = [[1, −1], [−2, 1]]"),
            ("L", "½·(1 + 1 + 4 + 1) = 3.5"),
        ),
        section="Measure the error",
        hidden="There may be one row only, or one column. Which numbers of the table does your code add up then?",
    ),
    Ladder(
        "output_delta",
        question="Which of all the squares in L contain the one prediction of sample 2, output 1?",
        formula=("δ_m = ⎵ − Y",),
        given={"Y_pred": [[2, 4], [1, 0]], "Y": [[1, 5], [3, -1]]},
        steps=(("δ_m", "[[2 − 1, 4 − 5], [1 − 3, 0 + 1]] = [[1, −1], [−2, 1]]"),),
        section="The error at the end",
        hidden="There may be one sample only, or one output. Which shape does your answer have then?",
    ),
    Ladder(
        "layer_gradients",
        question="What does sample i add to the gradient of the weight from input j to output k?",
        formula=(
            "∂L/∂W = ⎵ · A",
            "Which shape must the blank have, for a product of the shape of W?",
            "For b: over which axis of δ is the sum, so that d_out numbers are left?",
        ),
        given={"delta": DELTA, "A_prev": [[1, 2, 0], [3, 4, 1]]},
        steps=(
            ("grad_W, row 1", "[1·1 + 2·3, 1·2 + 2·4, 1·0 + 2·1] = [7, 10, 2]"),
            ("grad_W, row 2", "[−1·1 + 1·3, −1·2 + 1·4, −1·0 + 1·1] = [2, 2, 1]"),
            ("grad_b", "[1 + 2, −1 + 1] = [3, 0]"),
        ),
        section="The gradients of a layer",
        hidden="In a square layer no shape complains. Which axis of delta belongs to the outputs?",
    ),
    Ladder(
        "propagate_delta",
        question="On how many ways does one input of a layer reach the loss, and what does each way multiply by?",
        formula=("∂L/∂A = δ · ⎵", "Going forward, the layer multiplies by W transposed."),
        given={"delta": DELTA, "W": [[1, 2, 0], [3, 1, 1]]},
        steps=(
            ("∂L/∂A, row 1", "[1·1 − 1·3, 1·2 − 1·1, 1·0 − 1·1] = [−2, 1, −1]"),
            ("∂L/∂A, row 2", "[2·1 + 1·3, 2·2 + 1·1, 2·0 + 1·1] = [5, 5, 1]"),
        ),
        section="One layer back",
        hidden="In a square layer no shape complains. Which axis of W belongs to the inputs?",
    ),
    Ladder(
        "backward",
        question="When the last layer's gradients are done, what is still missing for those of the layer before it?",
        formula=(
            "begin with δ_m; then for l = m, …, 1:",
            "    gradients of layer l, from δ_l and ⎵",
            "    δ_{l−1}, from δ_l and W_l",
        ),
        given={
            "W_1": [[2]],
            "W_2": [[4]],
            "A_0": [[1], [3]],
            "A_1": [[3], [7]],
            "A_2": [[11], [27]],
            "Y": [[10], [25]],
        },
        steps=(
            ("δ_2", "[[11 − 10], [27 − 25]] = [[1], [2]]"),
            ("layer 2: grad_W", "[[1·3 + 2·7]] = [[17]]"),
            ("layer 2: grad_b", "[1 + 2] = [3]"),
            ("δ_1", "[[1·4], [2·4]] = [[4], [8]]"),
            ("layer 1: grad_W", "[[4·1 + 8·3]] = [[28]]"),
            ("layer 1: grad_b", "[4 + 8] = [12]"),
        ),
        section="All layers",
        hidden="Take one layer, then six. How often does delta go back through weights each time?",
    ),
    Ladder(
        "update",
        question="If the loss grows when a weight grows, should the step make it larger or smaller?",
        formula=("W_l ← W_l − η · ⎵", "The biases go the same way. What does the caller see of its own lists?"),
        given={"W_1": [[2, -1]], "b_1": [1], "grad_W": [[4, 2]], "grad_b": [6], "learning_rate": 0.5},
        steps=(
            ("new W_1", "[[2 − 0.5·4, −1 − 0.5·2]] = [[0, −2]]"),
            ("new b_1", "[1 − 0.5·6] = [−2]"),
        ),
        section="Take a step",
        hidden="The lists may hold one layer or many. Where does your code get their number from?",
    ),
    Ladder(
        "train_epoch",
        question="Five samples in batches of two: how many steps does an epoch take, and where does each one start?",
        formula=(
            "for each batch, in order:",
            "    forward; add its loss to the loss of the epoch",
            "    backward; take one step",
            "    the next batch starts from ⎵",
        ),
        given={"W_1": [[2]], "b_1": [1], "X": [[1], [3]], "Y": [[1], [4]], "learning_rate": 0.5, "batch_size": 1},
        steps=(
            ("batch 1: δ", "[[2·1 + 1 − 1]] = [[2]]"),
            ("its loss", "½·2² = 2"),
            ("its step: W_1", "[[2 − 0.5·2]] = [[1]]"),
            ("its step: b_1", "[1 − 0.5·2] = [0]"),
            ("batch 2: δ", "[[1·3 + 0 − 4]] = [[−1]]"),
            ("loss of batch 2", "½·(−1)² = 0.5"),
            ("new W_1", "[[1 − 0.5·(−3)]] = [[2.5]]"),
            ("new b_1", "[0 − 0.5·(−1)] = [0.5]"),
            ("epoch_loss", "2 + 0.5 = 2.5"),
        ),
        section="Once through the data",
        hidden="Take five samples by ten, then by one. Where does the first batch end each time?",
    ),
)
