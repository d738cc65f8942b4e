# loses: forward, loss, manual_gradients, chain_rule_gradients, update, train_step
# Only collapse is there.
# without: forward, loss, manual_gradients, chain_rule_gradients, update, train_step
import torch
