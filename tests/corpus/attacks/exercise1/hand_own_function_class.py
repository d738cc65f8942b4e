# loses: manual_gradients
# Defines a Function whose backward nobody but the engine calls.
def manual_gradients(parameters, x, y):
    a, b = parameters["a"].clone().requires_grad_(), parameters["b"].clone().requires_grad_()
    value = torch.sum((a * x + b - y) ** 2) / 2

    class Loss(torch.autograd.Function):
        @staticmethod
        def forward(context, a, b):
            context.save_for_backward(a, b)
            return torch.sum((a * x + b - y) ** 2) / 2

        @staticmethod
        def backward(context, upstream):
            return upstream, upstream

    torch.autograd.backward(Loss.apply(a, b))
    return {"a": a.grad, "b": b.grad}
