"""The by-hand rule: whatever route leads to autograd, it is closed, and only those who take it pay.

A file under `by_hand/` is one function of exercise 1 that takes such a route. Its first line names the function, which
must lose its points; a line that ends with `# reached` is the one that the violation must name.
"""

from pathlib import Path
from typing import Any

import pytest
import torch
from corpus import losses_of
from places import CORPUS, DATASETS, KIT
from students import graded, scores, script, solved
from workers import called, loaded

import autograder.host.fork_server
from autograder.authoring.catalog import exercises
from autograder.host.answers import Raised, Returned
from autograder.host.fork_server import ForkServer
from autograder.model import Limits

ROUTES = sorted((CORPUS / "by_hand").glob("*.py"))
A_FEW = ROUTES[::7]  # a report takes twenty times as long as a call
POINTS = {"loss": 3, "manual_gradients": 7, "update": 3}

X, Y = torch.tensor([1.0, 2.0, -0.5]).double(), torch.tensor([0.25, 2.25, 1.0]).double()
PARAMETERS = {"a": torch.tensor(0.75).double(), "b": torch.tensor(-0.25).double()}
RATES = {"a": torch.tensor(0.5).double(), "b": torch.tensor(0.125).double()}
R = PARAMETERS["a"] * X + PARAMETERS["b"] - Y
GRADIENTS = {"a": (R * X).sum(), "b": R.sum()}
# By function: arguments and the right answer, in a dict.
CASES: dict[str, tuple[list[Any], dict[str, torch.Tensor]]] = {
    "loss": ([R, torch.zeros(3).double()], {"": (R * R).sum() / 2}),
    "manual_gradients": ([PARAMETERS, X, Y], GRADIENTS),
    "update": (
        [PARAMETERS, GRADIENTS, RATES],
        {name: PARAMETERS[name] - RATES[name] * GRADIENTS[name] for name in PARAMETERS},
    ),
}


def marked(text: str) -> list[int]:
    """The lines that a violation must name."""
    return [number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# reached")]


def is_right(value: Any, expected: dict[str, torch.Tensor]) -> bool:
    """Whether a worker's answer is the right one."""
    found = value if isinstance(value, dict) else {"": value}
    return all(
        isinstance(found.get(name), torch.Tensor) and torch.allclose(found[name].double(), expected[name], rtol=1e-4)
        for name in expected
    )


def test_there_are_enough() -> None:
    assert len(ROUTES) >= 130


@pytest.mark.parametrize("path", ROUTES, ids=lambda path: path.stem)
def test_a_route_leads_nowhere_and_its_line_is_known(path: Path, fork_server: ForkServer) -> None:
    text = path.read_text(encoding="utf-8")
    (function,) = losses_of(path)
    arguments, right = CASES[function]
    with loaded(fork_server, text) as worker:
        answer = worker.call(function, arguments, 60)
    breach = answer.breach if isinstance(answer, Returned | Raised) else None
    assert [breach.line if breach else None] == (marked(text) or [None])
    assert breach or not (isinstance(answer, Returned) and is_right(answer.value, right))


@pytest.mark.parametrize("path", A_FEW, ids=lambda path: path.stem)
def test_a_route_earns_nothing_and_costs_the_others_nothing(path: Path, fork_server: ForkServer) -> None:
    (function,) = losses_of(path)
    submission = solved("exercise1", path.read_text(encoding="utf-8"))
    report = graded(fork_server, "exercise1", submission)
    assert scores(report) == {function: 0}
    assert report.score == 20 - POINTS[function]
    found = [(violation.rule, violation.function, violation.line) for violation in report.violations]
    assert found == [("by-hand", function, line) for line in marked(submission.cells[0].code)]
    outcomes = {result.outcome for result in report.checks if result.check.function == function}
    assert outcomes <= {"failed", "blocked"}


LOSSES = [
    name
    for name in vars(torch.nn.functional)
    if name.endswith("_loss") or name.startswith(("cross_entropy", "binary_cross", "kl_div", "linear_cross"))
]
CLASSES = [name for name in vars(torch.nn) if name.endswith("Loss")]
OPTIMIZERS = [name for name in vars(torch.optim) if isinstance(getattr(torch.optim, name), type)]
KERNELS = sorted(
    name.removeprefix("aten::")
    for name in torch._C._dispatch_get_all_op_names()
    if name.startswith("aten::") and any(part in name for part in ("_backward", "_loss", "_fused_sgd", "_fused_adam"))
)


class TestWhatTheBracketsName:
    """Every name there is, used and caught: a use is a use."""

    def harmless(self, fork_server: ForkServer, names: list[str], use: str) -> list[str]:
        """The names whose use, written as a line of code, is no breach."""
        code = (
            "import torch\nx = torch.ones(3, 3)\nVALUES = {'Tensor': x, 'List[int]': [1], 'int': 1, 'bool': False,"
            "'List[bool]': [True, True, True], 'float': 1.0, 'number': 1.0, 'List[Tensor]': [x], 'str': 'none'}\n"
            "def filled(operator):\n    made = [(a.name, a.kwarg_only, VALUES.get(str(a.type))) for a in "
            "operator._schema.arguments]\n    operator(*[value for _, only, value in made if not only], "
            "**{name: value for name, only, value in made if only})\n"
            f"def f(name):\n    try:\n        {use}\n    except Exception: pass\n"
        )
        with loaded(fork_server, code) as worker:
            answers = {name: worker.call("f", [name], 10) for name in names}
        return [name for name, answer in answers.items() if not isinstance(answer, Returned) or answer.breach is None]

    def test_functions_of_losses(self, fork_server):
        assert len(LOSSES) >= 20
        assert self.harmless(fork_server, LOSSES, "getattr(torch.nn.functional, name)(x, x)") == []

    def test_classes_of_losses(self, fork_server):
        assert len(CLASSES) >= 20
        assert self.harmless(fork_server, CLASSES, "getattr(torch.nn, name)()") == []

    def test_optimizers(self, fork_server):
        assert len(OPTIMIZERS) >= 13
        assert self.harmless(fork_server, OPTIMIZERS, "getattr(torch.optim, name)([x], lr=0.1)") == []

    def test_kernels(self, fork_server):
        assert len(KERNELS) >= 300
        use = "base, _, part = name.partition('.'); filled(getattr(getattr(torch.ops.aten, base), part or 'default'))"
        assert self.harmless(fork_server, KERNELS, use) == []


# Expressions of x, y (3 × 4), s (4 × 4), p (4 × 4, positive definite), v, w (4), n (int64, 3 × 4), b (2 × 3 × 4).
OPERATIONS = """
x+y x-y x*y x/y x**2 x**y.abs() -x x@s x.T@x v@w s@v 2*x+1 x//0.5 x%0.7 abs(x) x>y x==y n+x n//2 n%3 n&5 n<<1 ~n n@n.T
x.abs() x.acos() x.acosh() x.add(y,alpha=2) x.sub(y,alpha=3) x.addcmul(x,y,value=0.5) x.addcdiv(x,y.abs()+1) x.angle()
x.asin() x.asinh() x.atan() x.atan2(y) x.atanh() x.ceil() x.clamp(-0.5,0.5) x.clamp_min(0) x.conj() x.copysign(y)
x.cos() x.cosh() x.deg2rad() x.digamma() x.erf() x.erfc() x.erfinv() x.exp() x.exp2() x.expm1() x.floor() x.fmod(0.3)
x.frac() x.abs().frexp()[0] x.hypot(y) x.lerp(y,0.3) x.abs().lgamma() x.abs().log() x.abs().log2() x.abs().log10()
x.abs().log1p() x.logaddexp(y) x.logit(0.1) x.maximum(y) x.minimum(y) x.nan_to_num() x.neg() x.pow(3) x.reciprocal()
x.relu() x.remainder(0.3) x.round() x.round(decimals=2) x.abs().rsqrt() x.sigmoid() x.sign() x.sgn() x.sin() x.sinc()
x.sinh() x.abs().sqrt() x.square() x.tan() x.tanh() x.true_divide(3) x.trunc() x.xlogy(y.abs()) torch.special.i0(x)
torch.special.i1e(x) torch.special.ndtr(x) torch.special.entr(x.abs()) torch.special.zeta(x.abs()+2,y.abs()+1)
torch.special.bessel_j0(x) torch.special.log_ndtr(x) x.all() x.any() x.amax(0) x.amin(1) x.aminmax() x.argmax()
x.argmin(1) x.argsort(1) x.count_nonzero() x.cummax(0) x.cummin(1) x.cumprod(1) x.cumsum(0) x.diff() x.dist(y)
x.histc(5) x.kthvalue(2,1) x.logcumsumexp(0) x.logsumexp(1) x.max() x.max(0) x.mean() x.mean(0,keepdim=True)
x.median() x.median(1) x.min() x.mode(1) x.nanmean() x.nansum(0) x.norm() x.norm(1,0) x.prod() x.prod(1)
x.quantile(0.3) x.renorm(2,0,1) x.sort(0) x.std() x.std(1) x.sum() x.sum((0,1)) x.topk(2) x.trace() x.unique() x.var()
x.var(0) x.broadcast_to(2,3,4) x.chunk(2,1) x.clone() x.contiguous() x.diag() x.diag_embed() x.diagonal()
x.expand(2,3,4) x.flatten() x.flip(0) x.fliplr() x.gather(1,n%4) x.index_add(0,n[0,:3]%3,y)
x.index_fill(0,n[0,:1]%3,1) x.index_select(1,n[0]%4) x.masked_fill(x>0,0) x.masked_select(x>0) x.movedim(0,1)
x.narrow(1,1,2) x.permute(1,0) x.ravel() x.repeat(2,2) x.repeat_interleave(2) x.reshape(4,3) x.roll(1,0) x.rot90()
x.scatter(1,n%4,y) x.scatter_add(1,n%4,y) x.split(2,1) x.squeeze() x.swapaxes(0,1) x.T x.take(n%12) x.tile(2)
x.transpose(0,1) x.tril() x.triu(1) x.unbind(1) x.unfold(1,2,1) x.unsqueeze(0) x.view(-1) x.view_as(y) x.where(x>0,y)
x[1] x[:,1:3] x[x>0] x[[0,2]] x[...,None] x.put(n%12,y) x.cov() x.corrcoef() v.dot(w) v.outer(w) s.mv(v) s.mm(s)
b.bmm(b.mT) x.addmm(x,s) v.addmv(s,w) s.addr(v,w) b.baddbmm(b,s.expand(2,4,4)) s.det() s.logdet() s.slogdet()
s.inverse() s.pinverse() s.matrix_exp() s.matrix_power(3) p.cholesky() s.kron(x) v.vdot(w) torch.inner(x,y)
torch.tensordot(x,y,([0,1],[0,1])) torch.linalg.svd(x) torch.linalg.svdvals(x) torch.linalg.qr(x) torch.linalg.eigh(p)
torch.linalg.eigvalsh(p) torch.linalg.eig(s) torch.linalg.solve(s,v)
torch.linalg.lu(s)
torch.linalg.lu_factor(s) torch.linalg.inv(s) torch.linalg.pinv(x) torch.linalg.cholesky(p) torch.linalg.norm(x)
torch.linalg.vector_norm(x,3) torch.linalg.matrix_norm(x,'nuc') torch.linalg.cond(s) torch.linalg.matrix_rank(s)
torch.linalg.multi_dot([x,s,s]) torch.linalg.vander(v) torch.linalg.cross(b[:,:,:1],b[:,:,1:2],dim=1)
torch.linalg.solve_triangular(s.triu(),s,upper=True) torch.linalg.householder_product(s,v)
torch.linalg.tensorinv(s.reshape(2,2,4),2) torch.einsum('ij,jk->ik',x,s) torch.einsum('ij,ij->',x,y) torch.cat([x,y])
torch.stack([x,y],2) torch.hstack([x,y]) torch.cdist(x,y) torch.cartesian_prod(v,w) torch.combinations(v)
torch.block_diag(x,s) torch.bucketize(x,v.sort()[0]) torch.searchsorted(v.sort()[0],x) torch.cumulative_trapezoid(x)
torch.trapezoid(x) torch.gradient(x) torch.heaviside(x,v) torch.meshgrid(v,w,indexing='ij') torch.polar(x.abs(),y)
torch.complex(x,y).abs() torch.view_as_real(torch.complex(x,y)) torch.fft.fft(x) torch.fft.rfft(x) torch.fft.ifft2(x)
torch.fft.fftshift(x) torch.stft(v.repeat(8),8,window=v.repeat(2),return_complex=True) F.conv1d(b,b)
F.conv2d(b[None],b[None]) F.conv_transpose1d(b,b.transpose(0,1)) F.linear(x,s,v) F.bilinear(x,y,s.expand(2,4,4))
F.softmax(x,1) F.log_softmax(x,1) F.gelu(x) F.silu(x) F.elu(x) F.selu(x) F.celu(x) F.leaky_relu(x) F.softplus(x)
F.softsign(x) F.hardtanh(x) F.hardswish(x) F.mish(x) F.glu(x) F.logsigmoid(x) F.tanhshrink(x) F.prelu(x,v[:1])
F.relu6(x) F.threshold(x,0,1) F.layer_norm(x,(4,)) F.rms_norm(x,(4,)) F.batch_norm(x,v.detach(),w.detach().abs())
F.group_norm(b,3)
F.instance_norm(b) F.normalize(x) F.local_response_norm(b,2) F.dropout(x) F.avg_pool1d(b,2) F.max_pool1d(b,2)
F.avg_pool2d(b,2) F.max_pool2d(b,2) F.adaptive_avg_pool1d(b,2) F.adaptive_max_pool1d(b,2) F.lp_pool1d(b,2,2)
F.pad(x,(1,1)) F.pad(b,(1,1),mode='reflect') F.pad(b,(1,1),mode='circular') F.interpolate(b,8)
F.interpolate(b,8,mode='linear') F.one_hot(n%4) F.unfold(b[None],2) F.embedding(n%3,x) F.embedding_bag(n%3,x)
F.pixel_shuffle(b.reshape(1,4,3,2),2) F.scaled_dot_product_attention(b,b,b) F.cosine_similarity(x,y)
F.pairwise_distance(x,y) F.pdist(x) torch.nn.Linear(4,2,dtype=x.dtype)(x) torch.nn.LSTM(4,2,dtype=x.dtype)(x)
torch.nn.GRU(4,2,dtype=x.dtype)(x) torch.nn.RNN(4,2,dtype=x.dtype)(x)
torch.nn.TransformerEncoderLayer(4,2,8,dtype=x.dtype)(x) torch.nn.MultiheadAttention(4,2,dtype=x.dtype)(x,x,x)
torch.nn.Conv1d(3,2,2,dtype=x.dtype)(b) torch.nn.BatchNorm1d(4,dtype=x.dtype)(x)
torch.nn.Sequential(torch.nn.Linear(4,4,dtype=x.dtype),torch.nn.Tanh())(x) torch.nn.Bilinear(4,4,2,dtype=x.dtype)(x,y)
torch.vmap(s.mv)(x) torch.vmap(torch.dot)(x,y) torch.func.functional_call(torch.nn.Linear(4,2,dtype=x.dtype),{},(x,))
torch.addbmm(s,b.mT,b) torch.rand_like(x) torch.randn_like(x) torch.randperm(9) torch.normal(x,y.abs())
torch.bernoulli(x.abs().clamp(0,1)) torch.multinomial(x.abs(),2) torch.distributions.Normal(x,1+y.abs()).log_prob(x)
torch.distributions.Dirichlet(v.abs()+1).rsample() torch.distributions.Gamma(v.abs()+1,w.abs()+1).rsample()
torch.distributions.Beta(v.abs()+1,w.abs()+1).rsample()
torch.distributions.kl_divergence(torch.distributions.Normal(x,1),torch.distributions.Normal(y,1))
x.to_sparse().to_dense() torch.sparse.mm(x.to_sparse(),s) x.to_sparse_csr()@s torch.sparse.sum(x.to_sparse())
torch.sparse.softmax(x.to_sparse(),1).to_dense() torch.nested.nested_tensor([x[0],x[1,:2]]).to_padded_tensor(0.0)
torch.nested.nested_tensor([x[0],x[1,:2]],layout=torch.jagged).values() x.float().to_mkldnn().to_dense()
torch.quantize_per_tensor(x.float(),0.1,0,torch.qint8).dequantize()
torch.utils.checkpoint.checkpoint(torch.tanh,x,use_reentrant=False)
torch.utils.checkpoint.checkpoint(torch.tanh,x,use_reentrant=True) torch._foreach_add([x,y],1.0)
torch._foreach_mul([x],[y]) torch.linalg.ldl_factor(p) x.clone().add_(y) x.clone().mul_(2) x.clone().zero_()
x.clone().fill_(3) x.clone().sub_(y) x.clone().clamp_(0) x.clone().copy_(y) x.clone().index_put_((n[0,:3]%3,),y[0])
x.double() x.float() x.half() x.bfloat16() x.long() x.bool() x.tolist() x.detach() x.data torch.as_tensor(x)
x.new_zeros(2)
"""


@pytest.mark.system
class TestForwardResults:
    CODE = (
        "import hashlib, itertools, torch\nF = torch.nn.functional\n"
        "def drawn(*shape): return torch.randn(shape, dtype=torch.float64)\n"
        "def digest(value):\n"
        "    if isinstance(value, torch.Tensor):\n"
        "        plain = value.detach()\n"
        "        plain = plain.float() if plain.dtype == torch.bfloat16 else plain\n"
        "        return [str(value.dtype), str(value.shape), plain.resolve_conj().numpy().tobytes()]\n"
        "    return [digest(one) for one in value] if isinstance(value, (tuple, list)) else repr(value)\n"
        "def results(operations, dtype, watched):\n"
        "    torch.manual_seed(1)\n"
        "    x, y, s, v, w, b = (drawn(*shape) for shape in ((3, 4), (3, 4), (4, 4), (4,), (4,), (2, 3, 4)))\n"
        "    given = {'x': x, 'y': y, 's': s, 'v': v, 'w': w, 'b': b, 'p': s @ s.T + torch.eye(4)}\n"
        "    given = {name: value.to(dtype).requires_grad_(watched) for name, value in given.items()}\n"
        "    given |= {'n': torch.arange(12).reshape(3, 4) * 7 % 11, 'torch': torch, 'F': F}\n"
        "    for operation in operations:\n"
        "        torch.manual_seed(2)\n"
        "        try:\n"
        "            found = digest(eval(operation, dict(given)))\n"
        "        except Exception as error:\n"
        "            found = type(error).__name__\n"
        "        yield hashlib.sha256(repr(found).encode()).hexdigest() if isinstance(found, list) else found\n"
        "def f(operations, dtype, watched): return list(results(operations, getattr(torch, dtype), watched))\n"
    )

    def results(self, fork_server: ForkServer, dtype: str, *, by_hand: bool, watched: bool) -> dict[str, str]:
        """A digest of what each operation returns, or the name of what it raises."""
        worker = fork_server.worker(DATASETS, Limits(), off=() if by_hand else None)
        worker.load(script(self.CODE), "exercise1")
        answer = worker.call("f", [OPERATIONS.split(), dtype, watched], 60)
        worker.close()
        assert isinstance(answer, Returned), answer
        return dict(zip(OPERATIONS.split(), answer.value, strict=True))

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_they_are_the_same_to_the_bit(self, fork_server, dtype):
        off = self.results(fork_server, dtype, by_hand=True, watched=False)
        plain = self.results(fork_server, dtype, by_hand=False, watched=False)
        assert {name for name in off if off[name] != plain[name]} == set()
        assert len([result for result in off.values() if len(result) == 64]) >= 330

    def test_they_are_the_same_where_autograd_would_watch(self, fork_server):
        off = self.results(fork_server, "float64", by_hand=True, watched=True)
        # A decomposition computes more where a gradient may be asked for, and rounds otherwise.
        plain = [self.results(fork_server, "float64", by_hand=False, watched=watched) for watched in (True, False)]
        assert {name for name in off if off[name] not in (plain[0][name], plain[1][name])} == set()


# Of an exercise about softmax: expressions of x (3 × 4), each of which is a breach; then what is none.
ABOUT = ("softmax", "softmin", "log_softmax", "logsumexp", "cross_entropy", "nll_loss")
ROUTES_TO_IT = """
torch.softmax(x,1) x.softmax(1) x.log_softmax(1) F.softmax(x,1) F.log_softmax(x,1) F.softmin(x,1) F.gumbel_softmax(x)
nn.Softmax(1)(x) nn.Softmax2d()(x[None]) nn.LogSoftmax(1)(x) nn.Softmin(1)(x) x.logsumexp(1) torch.special.softmax(x,1)
torch.special.log_softmax(x,1) torch.special.logsumexp(x,1) aten._softmax(x,1,False) aten._log_softmax(x,1,False)
aten._safe_softmax(x,1) aten.softmax.int(x,1) aten.log_softmax.int(x,1) aten.logsumexp(x,[1])
aten._softmax.out(x,1,False,out=x.clone()) torch._masked_softmax(x,x>0) torch.masked._ops.softmax(x,1)
torch.masked._ops.logsumexp(x,1) torch.sparse.softmax(x.to_sparse(),1) torch.sparse.log_softmax(x.to_sparse(),1)
D.Categorical(logits=x).probs D.Categorical(logits=x).logits D.OneHotCategorical(logits=x).probs
D.utils.logits_to_probs(x) F.scaled_dot_product_attention(x[None],x[None],x[None])
aten._scaled_dot_product_attention_math(x[None,None],x[None,None],x[None,None])
aten._scaled_dot_product_flash_attention_for_cpu(x[None,None],x[None,None],x[None,None])
nn.MultiheadAttention(4,1,dtype=x.dtype)(x,x,x) nn.TransformerEncoderLayer(4,1,8,dtype=x.dtype)(x)
torch._refs.softmax(x,1) torch._refs.logsumexp(x,1) torch._refs.nn.functional.softmin(x,1)
torch._decomp.decompositions._softmax(x,1,False) torch.vmap(torch.nn.Softmax(0))(x) F.cross_entropy(x,n) F.nll_loss(x,n)
torch.nested.nested_tensor([x[0],x[1]]).softmax(1) x.float().to_mkldnn().softmax(1)
"""
ALLOWED = (
    "x.logaddexp(x) x.logcumsumexp(1) x.exp() F.relu(x) F.one_hot(n) D.Normal(x,1).sample() nn.Softmax(1) x.sigmoid()"
)


def test_what_an_exercise_is_about_beyond_autograd_is_off_in_it(fork_server: ForkServer) -> None:
    code = "import torch\nfrom torch import nn\nF, D, aten = nn.functional, torch.distributions, torch.ops.aten\n"
    code += "x, n = torch.ones(3, 4).double(), torch.tensor([0, 1, 2])\ndef f(text): eval(text)\n"
    off = next((each.off for each in exercises(KIT) if "softmax" in each.forbidden), ABOUT)
    worker = fork_server.worker(DATASETS, Limits(), off=off)
    worker.load(script(code), "exercise1")
    breaches = {text: worker.call("f", [text], 10).breach for text in (ROUTES_TO_IT + ALLOWED).split()}
    worker.close()
    assert worker.is_by_hand
    assert [text for text, breach in breaches.items() if breach is None] == ALLOWED.split()


HEAD = (
    "import copy, io, numpy, torch, torch.nn as nn, torch.nn.functional as F, torch.optim as optim\n"
    "from torch.autograd import Variable\nfrom torch.nn import MSELoss\nfrom torch.optim import SGD, Adam\n"
)
# Code with a function f(x) of a vector that returns its double: what honest people write, none of which is a breach.
HONEST: dict[str, str] = {
    "no_grad": ("def f(x):\n    with torch.no_grad():\n        return 2 * x\n"),
    "no_grad_as_a_decorator": ("@torch.no_grad()\ndef f(x): return 2 * x\n"),
    "inference_mode": ("@torch.inference_mode()\ndef f(x): return 2 * x\n"),
    "inference_mode_and_a_change_in_place": (
        "def f(x):\n    with torch.inference_mode():\n        y = x * 1\n    return y.clone().mul_(2)\n"
    ),
    "set_grad_enabled": ("torch.set_grad_enabled(False)\ndef f(x): return 2 * x\n"),
    "enable_grad": ("def f(x):\n    with torch.enable_grad():\n        return 2 * x\n"),
    "asks_whether_grad_is_enabled": "def f(x): return 2 * x if torch.is_grad_enabled() else 2 * x",
    "own_value_class_with_grad_and_backward": (
        "class Value:\n"
        "    def __init__(self, data): self.data, self.grad = data, 0.0\n"
        "    def backward(self): self.grad = 1.0\n"
        "    def zero_grad(self): self.grad = 0.0\n"
        "def f(x):\n"
        "    v = Value(x)\n"
        "    v.backward()\n"
        "    v.zero_grad()\n"
        "    v.backward()\n"
        "    return 2 * v.data * v.grad\n"
    ),
    "own_tape": (
        "class Tape(list):\n"
        "    def gradient(self, g):\n"
        "        for step in reversed(self): g = step(g)\n"
        "        return g\n"
        "def f(x):\n"
        "    tape = Tape()\n"
        "    y = x * x\n"
        "    tape.append(lambda g: g * 2 * x)\n"
        "    return tape.gradient(torch.ones_like(x))\n"
    ),
    "helpers_of_telling_names": (
        "def backward(x): return x\n"
        "def grad(x): return x\n"
        "def mse_loss(x): return x\n"
        "def f(x): return backward(x) + grad(mse_loss(x))\n"
    ),
    "a_function_in_the_place_of_a_loss": (
        "def cross_entropy(p): return p\nused = {'loss': cross_entropy}\ndef f(x): return 2 * used['loss'](x)\n"
    ),
    "comments_and_texts": (
        "# loss.backward(); optimizer.step()\n"
        "def f(x):\n"
        "    '''torch.autograd.grad is not used.'''\n"
        "    return 2 * x  # x.grad\n"
    ),
    "unused_criterion_names": ("Criterion, Optimizer = nn.MSELoss, optim.SGD\ndef f(x): return 2 * x\n"),
    "a_table_of_functions_of_torch": (
        "table = {'loss': F.mse_loss, 'grad': torch.autograd.grad, 'step': SGD.step}\ndef f(x): return 2 * x\n"
    ),
    "asks_for_attributes": "def f(x): return 2 * x if hasattr(torch, 'autograd') and hasattr(F, 'mse_loss') else x",
    "requires_grad_read": "def f(x): return 2 * x if not x.requires_grad and x.is_leaf and x.grad_fn is None else x",
    "requires_grad_set_on_a_copy": "def f(x): return 2 * x.clone().requires_grad_(True)",
    "requires_grad_of_own_tensors": ("w = torch.tensor(2.0, requires_grad=True)\ndef f(x): return (w * x).detach()\n"),
    "detach_in_all_forms": "def f(x): return 2 * x.detach().data.clone().detach_()",
    "detached_argument": ("def f(x):\n    x.requires_grad_(True)\n    y = 2 * x\n    x.detach_()\n    return y\n"),
    "variable": "def f(x): return 2 * Variable(x)",
    "parameter": "def f(x): return (nn.Parameter(torch.tensor(2.0)) * x).detach()",
    "module_of_layers": (
        "def f(x):\n"
        "    layer = nn.Linear(1, 1, bias=False, dtype=x.dtype)\n"
        "    nn.init.constant_(layer.weight, 2)\n"
        "    return layer(x[:, None])[:, 0].detach()\n"
    ),
    "module_in_its_modes": (
        "class M(nn.Module):\n"
        "    def forward(self, x): return 2 * x\n"
        "def f(x):\n"
        "    m = M().train().eval()\n"
        "    m.zero_grad()\n"
        "    return m.requires_grad_(False)(x)\n"
    ),
    "module_saved_and_loaded": (
        "def f(x):\n    m = nn.Linear(1, 1)\n    m.load_state_dict(copy.deepcopy(m).state_dict())\n    return 2 * x\n"
    ),
    "deep_copy_of_a_tensor": "def f(x): return 2 * copy.deepcopy(torch.nn.Parameter(x)).detach()",
    "saved_tensors": (
        "def f(x):\n"
        "    file = io.BytesIO()\n"
        "    torch.save(x, file)\n"
        "    file.seek(0)\n"
        "    return 2 * torch.load(file)\n"
    ),
    "printed_tensors": (
        "def f(x):\n"
        "    print(x, x.clone().requires_grad_(), nn.Linear(1, 1), optim.SGD, F.mse_loss)\n"
        "    return 2 * x\n"
    ),
    "finite_differences": ("def f(x):\n    e = 2.0 ** -20\n    return ((x + e) ** 2 - (x - e) ** 2) / (2 * e)\n"),
    "torch_gradient": (
        "def f(x):\n"
        "    t = torch.linspace(0, 1, 5).to(x.dtype)\n"
        "    return torch.gradient(x[:, None] * 2 * t, spacing=(t,), dim=1)[0][:, 2]\n"
    ),
    "numpy_gradient": (
        "def f(x): return torch.tensor([float(numpy.gradient([0.0, 2 * float(v)])[0]) for v in x]).to(x.dtype)\n"
    ),
    "complex_step": (
        "def f(x):\n"
        "    h = 2.0 ** -100\n"
        "    return torch.imag(torch.complex(x.double(), torch.full_like(x, h).double()) ** 2).to(x.dtype) / h\n"
    ),
    "dual_numbers": (
        "class Dual:\n"
        "    def __init__(self, v, d): self.v, self.d = v, d\n"
        "    def __mul__(self, o): return Dual(self.v * o.v, self.v * o.d + self.d * o.v)\n"
        "def f(x): return (Dual(x, 1) * Dual(x, 1)).d\n"
    ),
    "vmap": "def f(x): return torch.vmap(lambda v: 2 * v)(x)",
    "functional_call": (
        "class M(nn.Module):\n"
        "    def forward(self, x): return 2 * x\n"
        "def f(x): return torch.func.functional_call(M(), {}, (x,))\n"
    ),
    "checkpoint": (
        "from torch.utils.checkpoint import checkpoint\n"
        "def f(x): return checkpoint(lambda v: 2 * v, x, use_reentrant=False)\n"
    ),
    "jit_script": (
        "@torch.jit.script\ndef g(x: torch.Tensor) -> torch.Tensor:\n    return 2 * x\ndef f(x): return g(x)\n"
    ),
    "jit_trace": ("g = torch.jit.trace(lambda x: 2 * x, (torch.ones(3),))\ndef f(x): return g(x)\n"),
    "jit_trace_by_keywords": (
        "def g(x): return 2 * x\n"
        "g = torch.jit.trace(g, example_inputs=(torch.ones(3),), check_trace=False)\n"
        "def f(x): return g(x)\n"
    ),
    "jit_trace_of_a_module": (
        "class M(nn.Module):\n"
        "    def forward(self, x): return 2 * x\n"
        "m = torch.jit.trace(M(), torch.ones(3))\n"
        "def f(x): return m(x)\n"
    ),
    "jit_trace_module": (
        "class M(nn.Module):\n"
        "    def forward(self, x): return 2 * x\n"
        "m = torch.jit.trace_module(M(), {'forward': torch.ones(3)})\n"
        "def f(x): return m.forward(x)\n"
    ),
    "jit_script_of_a_module": (
        "class M(nn.Module):\n"
        "    def forward(self, x): return 2 * x\n"
        "m = torch.jit.freeze(torch.jit.script(M().eval()))\n"
        "def f(x): return m(x)\n"
    ),
    "jit_script_module": (
        "class M(torch.jit.ScriptModule):\n"
        "    @torch.jit.script_method\n"
        "    def forward(self, x): return 2 * x\n"
        "def f(x): return M()(x)\n"
    ),
    "jit_fork": "def f(x): return torch.jit.wait(torch.jit.fork(lambda v: 2 * v, x))",
    "compile": ("@torch.compile\ndef g(x): return 2 * x\ndef f(x): return g(x)\n"),
    "compile_with_options": ("g = torch.compile(lambda x: 2 * x, mode='reduce-overhead')\ndef f(x): return g(x)\n"),
    "forward_of_a_custom_function": (
        "class Double(torch.autograd.Function):\n"
        "    @staticmethod\n"
        "    def forward(ctx, x): return 2 * x\n"
        "    @staticmethod\n"
        "    def backward(ctx, g): return 2 * g\n"
        "def f(x): return Double.forward(None, x)\n"
    ),
    "profiler": ("def f(x):\n    with torch.autograd.profiler.record_function('f'):\n        return 2 * x\n"),
    "anomaly_detection": ("torch.autograd.set_detect_anomaly(True, check_nan=False)\ndef f(x): return 2 * x\n"),
    "norms_and_distances": (
        "def f(x): return 2 * x + 0 * (torch.dist(x, x) + F.pairwise_distance(x, x) + torch.cdist(x[None], x[None]))\n"
    ),
    "likelihoods": (
        "from torch.distributions import Normal, kl_divergence\n"
        "def f(x): return 2 * x + 0 * kl_divergence(Normal(x, 1.0), Normal(x, 1.0)) + 0 * Normal(x, 1.0).log_prob(x)\n"
    ),
    "foreach_arithmetic": "def f(x): return torch._foreach_add([x], [x])[0]",
    "softmax_and_activations": "def f(x): return 2 * x + 0 * F.log_softmax(x, 0) + 0 * F.gelu(x) + 0 * F.softplus(x)",
    "source_of_a_layer": (
        "import inspect\ndef f(x): return 2 * x if 'F.linear' in inspect.getsource(nn.Linear) else x\n"
    ),
    "source_of_a_loss": (
        "import inspect\ndef f(x): return 2 * x if 'def' in inspect.getsource(nn.modules.loss) else x\n"
    ),
    "modules_listed": (
        "import sys\ndef f(x): return 2 * x if [name for name in sys.modules if 'autograd' in name] else x\n"
    ),
    "self_check_under_main": (
        "def f(x): return 2 * x\n"
        "if __name__ == '__main__':\n"
        "    t = torch.ones(1, requires_grad=True)\n"
        "    (t * t).sum().backward()\n"
    ),
    "self_check_at_the_top": (
        "def f(x): return 2 * x\n"
        "t = torch.ones(3, requires_grad=True)\n"
        "F.mse_loss(f(t), t).backward()\n"
        "assert t.grad is not None\n"
        "SGD([t], lr=0.1).step()\n"
    ),
    "self_check_in_a_function": (
        "def f(x): return 2 * x\n"
        "def check():\n"
        "    t = torch.ones(3, requires_grad=True)\n"
        "    (t * t).sum().backward()\n"
        "    return t.grad\n"
        "check()\n"
    ),
    "self_check_that_is_caught": (
        "def f(x): return 2 * x\ntry:\n    torch.func.grad(torch.sum)(torch.ones(3))\nexcept RuntimeError:\n    pass\n"
    ),
    "functions_that_nobody_calls": (
        "def train(model, x, y):\n"
        "    optimizer = SGD(model.parameters(), lr=0.1)\n"
        "    loss = MSELoss()(model(x), y)\n"
        "    loss.backward()\n"
        "    optimizer.step()\n"
        "def f(x): return 2 * x\n"
    ),
    "learning_rate_schedule": ("def f(x): return 2 * x\nschedule = optim.lr_scheduler.LambdaLR\n"),
    "weights_clipped_and_counted": (
        "def f(x):\n"
        "    m = nn.Linear(1, 1)\n"
        "    nn.utils.clip_grad_norm_(m.parameters(), 1.0)\n"
        "    return 2 * x + 0 * sum(p.numel() for p in m.parameters() if p.requires_grad)\n"
    ),
    "jagged_tensors": (
        "def f(x): return 2 * torch.nested.nested_tensor([x, x[:1]], layout=torch.jagged).values()[:3]\n"
    ),
    "sparse_tensors": "def f(x): return 2 * torch.sparse.softmax(x[None].to_sparse(), 1).to_dense().sum() * x",
    "tensor_subclass": (
        "class T(torch.Tensor):\n"
        "    def backward(self): return self\n"
        "def f(x): return 2 * x.as_subclass(T).backward()\n"
    ),
    "default_dtype": ("torch.set_default_dtype(torch.float64)\ndef f(x): return 2 * x\n"),
}


class TestNoFalseAlarm:
    @pytest.mark.parametrize("name", HONEST)
    def test_honest_code_is_no_breach(self, fork_server, name):
        given = torch.tensor([1.0, 2.0, 3.0])
        answer = called(fork_server, HEAD + HONEST[name], given, seconds=60)
        assert isinstance(answer, Returned), answer
        assert (answer.breach, answer.changed) == (None, ())
        assert torch.allclose(answer.value, 2 * given)

    def test_a_file_full_of_them_keeps_all_points(self, fork_server):
        parts = [code for name, code in HONEST.items() if name != "default_dtype"]
        own = (KIT / "solutions" / "exercise2.py").read_text(encoding="utf-8")
        report = graded(fork_server, "exercise2", script("\n".join([HEAD, *parts, own]), "exercise2"))
        assert report.violations == ()
        assert report.score == 30


@pytest.mark.system
class TestTheSwitch:
    @pytest.mark.parametrize("part", ["_stop_methods", "_stop_scripts", "_replace_kernels"])
    def test_one_that_does_not_work_is_told_and_keeps_nobody_from_being_graded(self, part, monkeypatch):
        patched = f"import autograder.worker.by_hand as switch; switch.{part} = lambda: None"
        broken = f"{patched}; from autograder.worker.fork_server"
        bootstrap = autograder.host.fork_server.BOOTSTRAP.replace("from autograder.worker.fork_server", broken)
        monkeypatch.setattr(autograder.host.fork_server, "BOOTSTRAP", bootstrap)
        with ForkServer.start() as running:
            report = graded(running, "exercise1", solved("exercise1"))
        assert report.score == 20
        assert ["autograd could not be switched off" in str(note.text) for note in report.notes] == [True]

    def test_one_that_works_is_no_news(self, fork_server):
        assert graded(fork_server, "exercise1", solved("exercise1")).notes == ()
        worker = fork_server.worker(DATASETS, Limits())
        assert worker.is_by_hand
        worker.close()
