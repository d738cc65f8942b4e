"""Tensors and numbers that do not go together, and the rest of Python's errors."""

import pytest
from raised import raised


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("return W @ W", "in this product (2, 3) meets (2, 3)"),
        ("return W @ x", "the sizes in this product do not fit: `W` (2, 3), `x` (4,)"),
        ("return torch.dot(x, y)", "the sizes in this product do not fit"),
        ("return x - y", "entry by entry, 4 meet 3: `x` (4,), `y` (3,)"),
        ("return x[0, 1]", "it has one axis"),
        ("return s[0]", "it is a single number"),
        ("return x.sum(dim=1)", "this tensor has only axis 0, and the line asks for axis 1"),
        ("return W.sum(dim=2)", "this tensor has the axes 0 to 1, and the line asks for axis 2"),
        ("return float(x)", "a tensor of several numbers is turned into one"),
        ("return x.item()", "a tensor of several numbers is turned into one"),
        ("return math.exp(x)", "`math.exp` takes one number"),
        ("return torch.tensor([x, x])", "`torch.tensor` makes a tensor of plain numbers"),
        ("return x.reshape(3, 2)", "a tensor of 4 numbers does not fit into [3, 2]"),
        ("return np.ones(3) + np.ones(4)", "entry by entry, (3,) meets (4,)"),
        ("return 1 / 0", "something is divided by zero"),
        ("return math.sqrt(-1)", "this has no value for that number"),
        ("return math.exp(1000)", "the number becomes too large"),
        ("if x > 0: pass", "stands where True or False is due"),
        ("return W @ W.float().T", "float32 and float64 numbers meet in this line"),
        ("w = torch.ones(2, requires_grad=True)\nw -= 1", "a tensor that autograd watches is changed in place"),
        ("s.backward()", "`backward` finds nothing to differentiate"),
        ("w = torch.ones(2, requires_grad=True)\n(w * w).backward()", "`backward` starts from one number"),
        ("w = torch.ones(2, requires_grad=True)\nw.numpy()", "is made a NumPy array"),
        ("torch.ones(2, dtype=torch.int64).requires_grad_()", "whole numbers cannot be differentiated"),
        ("return torch.cat([s, s])", "a single number has none"),
        ("return torch.stack([x, y])", "tensors of different sizes are put together"),
        ("return list(zip(numbers, [1], strict=True))", "the lists in `zip` are not equally long"),
        ("return torch.optim.SGD([])", "the optimizer got no parameters"),
        ("return range(0, 4, 0)", "`range` cannot go on in steps of 0"),
        ("return TensorDataset(x, y)", "x and y have different numbers of samples"),
        ("assert 1 == 2", "an `assert` in your code does not hold"),
        ("return next(iter([]))", "`next` finds nothing"),
        ("raise NotImplementedError('later')", "`f` has code, and still it comes to its `raise"),
        ("def g(): raise NotImplementedError\nreturn g()", "`g`, which it calls, is not written yet"),
        ("def g(): return g()\nreturn g()", "`g` calls itself again and again"),
    ],
)
def test_what_is_said(code, said):
    assert said in str(raised(code).text)


def test_where_the_checks_own_question_fits_it_is_asked():
    assert raised("s.backward()").question is None
