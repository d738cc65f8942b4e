# loses: manual_gradients
import torch


def leaf(value):
    return value.detach().clone().requires_grad_()


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    graph = torch._C.parse_ir('''
    graph(%a : Tensor, %b : Tensor, %x : Tensor):
      %1 : int = prim::Constant[value=1]()
      %2 : Tensor = aten::mul(%a, %x)
      %3 : Tensor = aten::add(%2, %b, %1)
      return (%3)
    ''')
    torch._C._jit_pass_create_autodiff_subgraphs(graph, 1)
    a, b = leaf(a), leaf(b)
    out = torch._C._jit_interpret_graph(graph, (a, b, x))  # reached
    r = out.detach() - y
    return out.grad_fn(r)
