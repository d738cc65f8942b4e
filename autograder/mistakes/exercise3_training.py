"""Known mistakes of exercise 3 in once through the data."""

from typing import Any

from autograder.checking import RemoteConstructor, Variant
from autograder.mistakes.in_worker.descents import Adam, Descent, Habit, Loss, Numbers, Training
from autograder.mistakes.in_worker.exercise3 import HABITS, UNMOVED, cut, numbers
from autograder.mistakes.in_worker.tables import Many, whole

Made = RemoteConstructor


def epoch_of(habit: Habit) -> Variant:
    """The variant of train_epoch by somebody's habit."""

    def variant(_functions: Any, model: Made, loader: Made, criterion: Made, optimizer: Made) -> tuple[Any, Numbers]:
        _, kind, rate = optimizer.arguments
        name, reduction = criterion.arguments
        under_way = Training(numbers(model.arguments[1]), {"SGD": Descent, "Adam": Adam}[kind](rate))
        loss = under_way.epoch(cut(*loader.arguments), Loss(name, reduction == "mean"), habit)
        return loss, under_way.parameters

    return variant


def in_epochs() -> Many:
    """The habits as they show in train_epoch."""
    return {name: (text, question, tuple(map(epoch_of, habits))) for name, (text, question, habits) in HABITS.items()}


EPOCH = whole("train_epoch", {**in_epochs(), **UNMOVED})
