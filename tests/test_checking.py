"""What check authors import."""

from autograder.checking import CaseGenerator, CaseRecorder, check
from autograder.model import Check


def test_a_check_says_what_it_is() -> None:
    @check("loss", points=2, hint="Why?", visibility="hidden", needs=("other",))
    def check_loss_adds_up(judge: CaseRecorder, draw: CaseGenerator) -> None:
        """adds up"""

    assert vars(check_loss_adds_up)["check"] == Check(
        "loss_adds_up", "loss", "adds up", "hidden", 2, ("other",), "Why?"
    )
