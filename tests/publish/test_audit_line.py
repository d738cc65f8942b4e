from autograder.publish.audit_line import AuditLine, step


def test_a_line_says_whether_it_is_a_fault_and_of_what() -> None:
    assert [str(line) for line in step("exercise1", "all is well", [], checks=4)] == ["ok     exercise1: all is well"]
    assert [str(line) for line in step("kit", "all is well", ["no"], checks=4)] == ["fault  kit: no"]


def test_only_what_went_well_is_counted() -> None:
    assert next(step("kit", "well", [], checks=4)) == AuditLine("kit", "well", counts={"checks": 4})
    assert next(step("kit", "well", ["no"], checks=4)).counts == {}
