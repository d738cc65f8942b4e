# loses: softmax
import torch

BUFFERS = {}


def softmax(Z):
    shares = BUFFERS.setdefault((Z.shape, Z.dtype), torch.empty_like(Z))
    torch.exp(Z - Z.amax(dim=1, keepdim=True), out=shares)
    shares /= shares.sum(dim=1, keepdim=True)
    return shares
