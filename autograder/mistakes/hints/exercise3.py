"""Hints for exercise 3: the PyTorch way."""

from autograder.grading.ladders import Ladder

LADDERS = (
    Ladder(
        "autograd_gradients",
        question="Autograd must watch four tensors. Would your caller notice if it watched the ones in `parameters`?",
        formula=(
            "leaves = {name: value.detach().⎵.requires_grad_() for …}",
            "g, ŷ and L from the leaves, as in exercise 2",
            "then the gradients of L with respect to the leaves",
        ),
        given={"parameters": {"a1": 2, "b1": 1, "a2": 4, "b2": -1}, "x": [1, 3], "y": [10, 25]},
        steps=(
            ("g", "[2·1 + 1, 2·3 + 1] = [3, 7]"),
            ("r", "[4·3 − 1 − 10, 4·7 − 1 − 25] = [1, 2]"),
            ("L", "½·(1 + 4) = 2.5"),
            ("∂L/∂a₁, ∂L/∂b₁", "[28, 12]"),
            ("∂L/∂a₂, ∂L/∂b₂", "[17, 3]"),
        ),
        section="Gradients by autograd",
        hidden="Arguments may come as float32. Which type do the tensors have that your code makes of them?",
    ),
    Ladder(
        "build_model",
        question="How many numbers does one line have that can be learned, and how many have two lines?",
        formula=("nn.Sequential(nn.Linear(1, 1), ⎵)",),
        given={},
        steps=(("numbers in one layer", "1 + 1 = 2"), ("numbers in the model", "2 + 2 = 4")),
        section="The model",
    ),
    Ladder(
        "make_loader",
        question="If ŷ has the shape (n, 1) and y the shape (n,), how many residuals does ŷ − y have?",
        formula=(
            "samples = TensorDataset(x.float().⎵, …)",
            "The blank makes (n, 1) of (n,). y needs the same.",
            "Then a DataLoader of the samples, which has to be told one more thing.",
        ),
        given={"x": [1, 3, 5], "y": [12, 16, 20], "batch_size": 2},
        steps=(
            ("batch 1: x", "[[1], [3]]"),
            ("batch 1: y", "[[12], [16]]"),
            ("batch 2: x", "[[5]]"),
            ("batch 2: y", "[[20]]"),
        ),
        section="The batches",
        hidden="x and y may hold whole numbers, or one sample. Which type and shape does a batch have then?",
    ),
    Ladder(
        "train_epoch",
        question="`backward()` adds to what is in .grad. What does the second batch find there?",
        formula=(
            "for each batch, in order:",
            "    gradients to zero",
            "    predict, and measure the loss of the batch",
            "    ⎵",
            "    the optimizer's step",
            "return the mean of the batch losses, as a plain number",
        ),
        given={
            "model": {"weight": 2, "bias": 1},
            "x": [1, 3],
            "y": [1, 4],
            "batch size": 1,
            "plain descent with the rate": 0.1,
        },
        steps=(
            ("batch 1: loss", "(2·1 + 1 − 1)² = 4"),
            ("weight.grad", "2·2·1 = 4"),
            ("bias.grad", "2·2 = 4"),
            ("its step: weight", "2 − 0.1·4 = 1.6"),
            ("its step: bias", "1 − 0.1·4 = 0.6"),
            ("batch 2: loss", "(1.6·3 + 0.6 − 4)² = 1.96"),
            ("returned", "(4 + 1.96)/2 = 2.98"),
        ),
        section="Once through the data",
        hidden="Loss and optimizer may be other ones than you expect. Which of your lines would mind?",
    ),
    Ladder(
        "fit",
        question="Adam remembers how large the gradients were. What if it were made anew in every epoch?",
        formula=(
            "once: the model, the loader, the loss, the optimizer",
            "then, `epochs` times: losses gets what ⎵ returns",
        ),
        given={"samples": 5, "batch_size": 2, "epochs": 3},
        steps=(("batches in an epoch", "3"), ("steps in all", "3·3 = 9"), ("numbers in losses", "3")),
        section="All of it together",
        hidden="x may hold whole numbers, and fewer of them than one batch takes. Which of your lines would mind?",
    ),
)
