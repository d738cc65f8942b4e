"""Seeds: the same on every machine, and different where anything that they are made of is."""

from autograder.grading.seeds import course_secret, hidden_seed, seed_of


def test_a_seed_is_the_same_on_every_machine():
    assert seed_of(0, "", "visible", "loss") == seed_of("0", "", "visible", "loss") == 16545925361920056484


def test_every_part_matters_and_so_does_where_one_ends():
    different = ((0, "ab"), (0, "ba"), (1, "ab"), (0, "a", "b"), ("0a", "b"), (0, "ab", ""), (0, "\udcff"))
    assert len({seed_of(*parts) for parts in different}) == len(different)


def test_hidden_cases_depend_on_the_student_only_where_there_is_a_salt():
    assert hidden_seed("secret", "", "anna") == hidden_seed("secret", "", "ben") == "secret"
    salted = [("secret", "2026", "anna"), ("secret", "2026", "ben"), ("secret", "2027", "anna"), ("", "2026", "anna")]
    assert len({hidden_seed(*parts) for parts in salted}) == len(salted)
    assert hidden_seed(*salted[0]) == hidden_seed(*salted[0])


def test_the_secret_of_a_course_is_set_by_the_environment(monkeypatch):
    monkeypatch.delenv("COURSE_SECRET", raising=False)
    assert course_secret() == ""
    monkeypatch.setenv("COURSE_SECRET", "s3cret")
    assert course_secret() == "s3cret"
