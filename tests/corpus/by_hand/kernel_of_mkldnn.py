# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    r = (a * x + b - y).float().reshape(-1, 1)
    rows = x.float().reshape(-1, 1)
    gw, gb = torch.ops.aten.mkldnn_linear_backward_weights(r.to_mkldnn(), rows.to_mkldnn(), a.float().reshape(1, 1).to_mkldnn(), True)  # reached
    return gw.to_dense().reshape(()), gb.to_dense().reshape(())
