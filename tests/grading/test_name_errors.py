"""Names, attributes, keys and members that are not there."""

import pytest
from raised import raised


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("return a * x", "`a` is no variable here; it is a key of `parameters`"),
        ("residual = x\nreturn residal", "did you mean `residual`?"),
        ("return true", "Python writes `True`"),
        ("return F.relu(x)", "`F` has not been imported"),
        ("return sqrt(x)", "torch's own is `torch.sqrt`"),
        ("return predict(x)", "there is no `predict` in your file"),
        ("return something_else", "`something_else` is not defined"),
        ("loss = loss(x)\nreturn loss", "your function `loss` is hidden"),
        ("total += 1\nreturn total", "`total` has no value yet when this line adds to it"),
        ("for i in []:\n    r = 1\nreturn r", "the line that sets it has not run"),
        ("return parameters.a * x", "`parameters` is a dict, and `a` is one of its keys"),
        ("return parameters.sum()", "`parameters` is a dict, which has no `.sum`"),
        ("return numbers.shape", "`numbers` is a list here, which has no `.shape`"),
        ("g = (x, y)\nreturn g.sum()", "`g` is a tuple here"),
        ("total = 0.5\nreturn total.item()", "`total` is a plain number here"),
        ("return nothing.sum()", "`nothing` is None"),
        ("return x.grad.zero_()", "`.grad` is still empty"),
        ("return x.sume()", "a tensor has no `sume`; did you mean `sum`?"),
        ("return x.append(1)", "that is for lists"),
        ("return torch.summ(x)", "`torch` has no `summ`; did you mean `sum`?"),
        ("return np.meen(1)", "`numpy` has no `meen`; did you mean `mean`?"),
        ("return x.sum.item()", "its brackets ( ) are missing"),
        ('gradients = {"a2": s}\nreturn gradients["a1"]', '`gradients` has no key "a1" here; it has a2'),
        ("return parameters[0]", "`parameters` is a dict: it is asked by its keys"),
        ("return parameters[x]", "a dict is asked for a tensor"),
        ("return numbers[2]", "`numbers` has 2 members here, numbered from 0, and the line asks for number 2"),
        ("i = 3\nreturn numbers[i]", "asks for number 3"),
        ("return x[7]", "entry 7 along axis 0, which has 4 here"),
        ("from torch import nm", "`torch` has no `nm`"),
    ],
)
def test_what_is_said(code, said):
    assert said in str(raised(code).text)


def test_there_is_one_question_at_most():
    assert raised("return parameters.a").question == "How do you look up a key in a dict?"
    assert raised("total = x\nreturn totl").question == ""
