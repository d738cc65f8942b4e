# loses: manual_gradients
import types


def manual_gradients(parameters, x, y):
    from torch.testing._internal.autograd_function_db import NumpyMul  # reached
    residual = parameters["a"] * x + parameters["b"] - y
    context = types.SimpleNamespace(saved_tensors=(parameters["a"], x), needs_input_grad=(True, True))
    da, _ = NumpyMul.backward(context, residual)
    return {"a": da.sum(), "b": residual.sum()}
