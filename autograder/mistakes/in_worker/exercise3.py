"""Known mistakes of exercise 3 in its model, and in all of it together: told by what was read in the worker."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from torch import Tensor

from autograder.checking import Variant, seen
from autograder.mistakes.in_worker.descents import Adam, Batch, Descent, Habit, Loss, Numbers, Training
from autograder.mistakes.in_worker.tables import Many, whole

ADAM_RATE = 0.001  # where none is given

MODEL = whole("build_model", {
    "bias-ignored": (
        "a layer has no intercept",
        "Which number does such a layer answer at 0?",
        (seen("no bias"),),
    ),
    "activation-added": (
        "something stands between the layers that is no line",
        "Can your model answer any number, −3 and 300 as well?",
        (seen("something between the layers"),),
    ),
    "wrong-width": (
        "a layer has more than one input or output",
        "How many numbers does layer one make of a single x in exercise 2?",
        (seen("other widths"),),
    ),
    "wrong-number-of-layers": (
        "the number of layers is not two",
        "How many lines, one after the other, has exercise 2?",
        (seen("another number of layers"),),
    ),
    "not-trainable": (
        "autograd does not watch all parameters of the model",
        "What must a parameter have, for `backward` to give it a gradient?",
        (seen("not trainable"),),
    ),
})  # fmt: skip


def numbers(values: list[Tensor]) -> Numbers:
    """Tensors of one element as numbers."""
    return [float(value) for value in values]


def cut(x: Tensor, y: Tensor, size: int) -> list[Batch]:
    """Consecutive samples."""
    xs, ys = x.tolist(), y.tolist()
    return [(xs[start : start + size], ys[start : start + size]) for start in range(0, len(xs), size)]


@dataclass(frozen=True)
class Plan:
    """How somebody puts fit together; by default rightly."""

    habit: Habit = field(default_factory=Habit)
    optimizer: Callable[[float], Descent] = Adam
    rate: Callable[[float], float] = lambda rate: rate
    renews: bool = False  # the optimizer, each epoch
    epochs: Callable[[int], int] = lambda epochs: epochs
    size: Callable[[int, int], int] = lambda _, size: size  # of a batch, by the number of samples
    is_turned: bool = False  # x and y
    losses: Callable[[list[Any]], Any] = lambda losses: losses


def fit_of(plan: Plan) -> Variant:
    """The variant of fit by somebody's plan."""

    def variant(
        _functions: Any,
        x: Tensor,
        y: Tensor,
        epochs: int,
        batch_size: int,
        learning_rate: float,
        *,
        start: list[Tensor],
    ) -> tuple[Any, Numbers]:
        x, y = (y, x) if plan.is_turned else (x, y)
        rate = plan.rate(float(learning_rate))
        under_way = Training(numbers(start), plan.optimizer(rate))
        losses = []
        for _ in range(plan.epochs(epochs)):
            under_way.optimizer = plan.optimizer(rate) if plan.renews else under_way.optimizer
            losses.append(under_way.epoch(cut(x, y, plan.size(len(x), batch_size)), Loss(), plan.habit))
        return plan.losses(losses), under_way.parameters

    return variant


def whole_batches(batches: list[Batch]) -> list[Batch]:
    """Without the last one where it is shorter; of a single one nobody can tell."""
    return [batch for batch in batches if len(batch[0]) == len(batches[0][0])]


def all_in_one(batches: list[Batch]) -> list[Batch]:
    """All samples in one batch."""
    return [([x for xs, _ in batches for x in xs], [y for _, ys in batches for y in ys])]


def weighted(losses: Numbers, sizes: list[int]) -> float:
    """The mean over samples."""
    return sum(loss * size for loss, size in zip(losses, sizes, strict=True)) / sum(sizes)


# By id: what was done, a question, and the habits that give different values.
Habits = dict[str, tuple[str, str, tuple[Habit, ...]]]


HABITS: Habits = {
    "gradients-accumulated": (
        "the first step is right; later ones also follow the gradients of the batches before",
        "What is left in .grad after a step, and what does the next `backward` make of it?",
        (Habit(zeroes="never"), Habit(zeroes="each epoch")),
    ),
    "updated-before-use": (
        "the parameters are right; each loss was taken after its step",
        "Which parameters made the prediction that is measured?",
        (Habit(is_late=True),),
    ),
    "last-batch-loss": (
        "the parameters are right; the loss of an epoch is that of its last batch",
        "After the loop, where is the loss of the first batch?",
        (Habit(report=lambda losses, _: losses[-1]),),
    ),
    "first-batch-loss": (
        "the parameters are right; the loss of an epoch is that of its first batch",
        "Where do the losses of the other batches go?",
        (Habit(report=lambda losses, _: losses[0]),),
    ),
    "sum-of-batches": (
        "the parameters are right; the loss of an epoch is the sum of the batch losses",
        "Would the loss of an epoch be twice as large with twice as many batches?",
        (Habit(report=lambda losses, _: sum(losses)),),
    ),
    "mean-over-samples": (
        "the parameters are right; the loss of an epoch gives a longer batch more weight",
        "Two batches, the second one shorter: how much does each count in their mean?",
        (Habit(report=weighted),),
    ),
    "divided-by-samples": (
        "the parameters are right; the sum of the batch losses is divided by the number of samples",
        "Of how many numbers is the loss of an epoch the mean?",
        (
            Habit(report=lambda losses, sizes: sum(losses) / sum(sizes)),
            Habit(report=lambda losses, sizes: sum(losses) / sizes[0]),
        ),
    ),
    "not-summed": (
        "the parameters are right; the loss of an epoch is one number for each batch",
        "How many numbers is the loss of an epoch?",
        (Habit(report=lambda losses, _: losses),),
    ),
    "ascent": (
        "each step goes uphill",
        "Whose derivative does `backward` work out: that of the loss, or of something else?",
        (Habit(is_uphill=True),),
    ),
    "broadcast-loss": (
        "every prediction has been measured against every truth",
        "Which shape has the prediction, which has y, and which has their difference?",
        (Habit(loss=lambda loss: replace(loss, is_broadcast=True)),),
    ),
    "short-batch-dropped": (
        "the last batch is left out where it is shorter",
        "Seven samples in batches of three: which samples are in the last batch?",
        (Habit(batches=whole_batches),),
    ),
    "first-batch-only": (
        "only the first batch has been used",
        "How many times does the loop run, before the function returns?",
        (Habit(batches=lambda batches: batches[:1]),),
    ),
    "last-batch-only": (
        "only the last batch has been used",
        "What stands inside the loop over the batches, and what after it?",
        (Habit(batches=lambda batches: batches[-1:]),),
    ),
    "last-batch-missing": (
        "the last batch has not been used",
        "For which batches does the loop run?",
        (Habit(batches=lambda batches: batches[:-1], report=lambda losses, _: sum(losses) / max(len(losses), 1)),),
    ),
    "whole-batch": (
        "only one step has been taken in an epoch",
        "How many steps does an epoch have, with seven samples in batches of three?",
        (Habit(steps_once=True), Habit(batches=all_in_one)),
    ),
}


def in_fits() -> Many:
    """The habits as they show in fit, beside the mistakes of its own."""
    found = {
        name: (text, question, tuple(fit_of(Plan(habit)) for habit in habits))
        for name, (text, question, habits) in HABITS.items()
    }
    for name, (text, question, plans) in PLANS.items():
        _, _, forms = found.get(name, (text, question, ()))
        found[name] = text, question, (*forms, *map(fit_of, plans))
    return found


PLANS: dict[str, tuple[str, str, tuple[Plan, ...]]] = {
    "optimizer-renewed": (
        "right within the first epoch; later ones begin with a new optimizer",
        "What does Adam remember from step to step, and where is that after an epoch?",
        (Plan(renews=True),),
    ),
    "other-optimizer": (
        "the optimizer is plain descent (SGD)",
        "Which optimizer does the description name?",
        (Plan(optimizer=Descent),),
    ),
    "learning-rate-forgotten": (
        "the learning rate that `fit` is given is not used",
        "Which rate does Adam take, if nobody tells it one?",
        (Plan(rate=lambda _: ADAM_RATE), Plan(rate=lambda _: 0.01), Plan(rate=lambda _: 0.1)),
    ),
    "mean-missing": (
        "the loss adds up the squares of a batch, where nn.MSELoss takes their mean",
        "Is the loss of a batch of six as large as that of one of three?",
        (Plan(Habit(loss=lambda loss: replace(loss, is_mean=False))),),
    ),
    "absolute-residual": (
        "the loss is made of |r|, not of r²",
        "Which loss does the description name?",
        (Plan(Habit(loss=lambda loss: replace(loss, name="L1Loss"))),),
    ),
    "epochs-miscounted": (
        "there is one epoch too many, or too few",
        "How many losses come back, and how many epochs were asked for?",
        (Plan(epochs=lambda epochs: epochs + 1), Plan(epochs=lambda epochs: epochs - 1), Plan(epochs=lambda _: 1)),
    ),
    "last-epoch-loss": (
        "only the loss of the last epoch came back",
        "How many losses do three epochs have?",
        (Plan(losses=lambda losses: losses[-1]),),
    ),
    "whole-batch": (
        "only one step has been taken in an epoch",
        "How many steps does an epoch have, with seven samples in batches of three?",
        (Plan(size=lambda count, _: count),),
    ),
    "batch-size-forgotten": (
        "every sample is a batch of its own",
        "Who tells the loader how many samples a batch has?",
        (Plan(size=lambda _count, _size: 1),),
    ),
    "x-y-turned": (
        "the model learns x from y",
        "What does the model get, and what should it answer?",
        (Plan(is_turned=True),),
    ),
}


UNMOVED: Many = {
    "step-missing": (
        "no parameter has moved, though the gradients were there",
        "`backward` says which way is down. Who goes there?",
        (seen("no step"),),
    ),
    "zeroed-before-step": (
        "no parameter has moved: the gradients had been zeroed when the step was taken",
        "When the step is taken, what stands in .grad?",
        (seen("no gradient left at the step"),),
    ),
    "not-updated": (
        "no parameter of the model has moved",
        "Which call puts the gradients of this model's parameters into .grad, and which one moves these parameters?",
        (seen("no gradient at the step"), seen("neither gradient nor step")),
    ),
}

TURNED: Many = {
    "swapped": (
        "the model and the losses have changed places",
        "Which of the two does the description name first?",
        (seen("turned"),),
    ),
}


FIT = whole("fit", {**in_fits(), **UNMOVED, **TURNED})
