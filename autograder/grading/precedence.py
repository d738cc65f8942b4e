"""Which mistake is named where several explain the same, and what is said where only the form is wrong."""

# Where several hold, the one that says most: each id gives way to those named with it.
GIVES_WAY = {
    "mean-not-sum": {"two-over-n"},
    "sign-flipped": {"ascent"},  # in a caller the same: the step goes uphill
    "one-gradient": {"x-forgotten", "x-in-bias"},
    "residual-missing": {"constant-output"},
    "leaves-only": {"output-missing"},  # the same, where more keys than are due are no mistake
    "not-updated": {"step-missing", "zeroed-before-step"},
    "activation-slope-missing": {"mask-missing"},
    "not-finite": {"unstable-exponential"},
    "recursion-too-deep": {"paths-walked"},
}
FORMS = {
    "shape": ("wrong-shape", "the answer has another shape than is due"),
    "type": ("wrong-type", "the answer has not the form that is due"),
    "finite": ("not-finite", "a number overflowed, or was never one"),
    "changed": ("inputs-changed", "an argument was changed in place"),
    "repeat": ("not-repeatable", "the same call answers differently the second time"),
}
