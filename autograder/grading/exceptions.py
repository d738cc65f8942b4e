"""What a student's function raised, in a sentence for beginners; what no rule knows stays as Python says it."""

from autograder.grading import name_errors, tensor_errors, type_errors
from autograder.grading.raising import Raising, Sentence
from autograder.host.answers import Raised

RULES = (*name_errors.RULES, *type_errors.RULES, *tensor_errors.RULES)


def explained(raising: Raising) -> Sentence | None:
    """Return the sentence and the question for an exception; None where no rule fits."""
    raised = raising.raised
    for each in RULES:
        if raised.type_name in each.types.split() and (found := each.pattern.search(raised.text)):
            explanation = each.explain(found, raising)
            if explanation is not None:
                return explanation
    return None


def python_says(raised: Raised) -> str:
    """Return an exception as Python shows it, with the name that it would suggest."""
    if raised.type_name == "NotImplementedError" and "not implemented for" not in raised.text:
        return ""  # the words of the stub, which may not be true any more
    text = f"{raised.type_name}: {raised.text}".removesuffix(": ")
    return f"{text}. Did you mean: '{raised.near}'?" if raised.near else text
