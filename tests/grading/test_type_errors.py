"""Values of the wrong kind."""

import pytest
from raised import raised


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("return x ^ 2", "`^` is no power in Python"),
        ("return 2.0 ^ 2", "`^` is no power in Python"),
        ("return x & x", "`&` does not work on these numbers"),
        ("return parameters * x", "`parameters` is a dict here; `*` cannot reckon with that"),
        ("return nothing * x", "`nothing` is None, that is nothing here"),
        ("return x - numbers", "`numbers` is a list here; `-` cannot reckon with that"),
        ("return x * x.sum", "`x.sum` is used without being called"),
        ("return -numbers", "`numbers` is a list here"),
        ("return x < parameters", "it cannot be compared with a number"),
        ("return 2(x)", "a number stands right before a bracket"),
        ("return x(0)", "`x` is a tensor; round brackets ( ) call a function"),
        ('return parameters("a")', "`parameters` is a dict; round brackets ( ) call a function"),
        ("return W.T()", "`.T` takes no brackets"),
        ("loss = 0.0\nreturn loss(x)", "your function `loss` is hidden"),
        ("return x.sum[0]", "it is called with round brackets"),
        ("return nothing[0]", "`nothing` is None"),
        ("def g(a, b): return a\nreturn g(1)", "is called here without `b`"),
        ("def g(a): return a\nreturn g(1, 2)", "takes 1 arguments, and this line gives it 2"),
        ("return np.sum(x)", "NumPy's `np.sum` cannot take this tensor"),
        ("def g(a): return a\nreturn g(c=1)", "has no argument called `c`"),
        ("parameters = x\nreturn parameters['a']", "`f` got a tensor as `parameters`, where a dict is due"),
        ("return x['a']", "`x` is a tensor, which has no keys"),
        ("parameters = {'a': 1, 'b': 2}\na, b = parameters\nreturn a * x", "`a` is text here, not a number"),
        ("return [i for i in range(x)]", "`range` wants a whole number and got a tensor"),
        ("return numbers * x", "`numbers` is a list, and a list cannot be multiplied by a tensor"),
        ("return range(4 / 2)", "a whole number is due here"),
        ("a, b = 3", "the line takes several values apart, and a whole number came"),
        ("a, b = None", "and None, that is nothing came"),
        ("a, b = x", "the line wants 2 values, and there are more"),
        ("a, b, c = numbers", "the line wants 3 values, and there are 2"),
        ("for k, v in parameters: pass", "a loop over the dict `parameters` gives its keys alone"),
        ("return [i for i in s]", "a tensor that is a single number is looped over"),
        ("for i in len(x): pass", "a single number came"),
        ("for i in parameters.items: pass", "its brackets ( ) are missing"),
        ("return torch.optim.Adam(nn.Linear(1, 1))", "an optimizer wants the model's parameters"),
        ('return numbers["a"]', "`numbers` is a list here, and is asked for a key"),
        ("return numbers[1.0]", "its members have whole numbers"),
        ("return parameters[0:1]", "a dict is asked for a range"),
        ("return {numbers: 1}", "a list is used as a key"),
        ("return torch.sum(numbers)", "`sum` takes a tensor, and got a list"),
        ("return torch.exp(2.0)", "`exp` takes a tensor, and got a plain number"),
        ("return torch.stack(parameters)", "`stack` takes tuple of tensors, and got a dict"),
        ("return numbers + x", "`+` puts a list and a list together"),
        ("return numbers * 2.0", "a list cannot be multiplied by a number"),
        ("g = (1, 2)\ng[0] = 3", "a tuple cannot be changed"),
        ("return len(s)", "`len` is asked of a tensor that is a single number"),
        ("return len(3)", "`len` is asked of a value that has no members"),
        ("return torch.stack([1.0, 2.0])", "one member is a plain float"),
        ("return nn.Sequential([nn.Linear(1, 1)])", "takes the layers one by one"),
        ("return numbers.append(1, 2)", "`append` takes one value at a time"),
        ("return x[0.5:2]", "in [ : ] stand whole numbers"),
    ],
)
def test_what_is_said(code, said):
    assert said in str(raised(code, arguments=()).text)


def test_what_no_rule_knows_is_not_explained():
    assert raised("raise TypeError('of my own')") is None
    assert raised("raise KeyboardInterrupt") is None
