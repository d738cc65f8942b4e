# loses: predict, loss, manual_gradients, update, train_epoch
# Only imports.
# whole
import torch
from torch import Tensor
