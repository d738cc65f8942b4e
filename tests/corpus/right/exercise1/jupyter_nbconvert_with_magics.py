#!/usr/bin/env python
# coding: utf-8

# # Exercise

# In[1]:


get_ipython().run_line_magic('pip', 'install torch')
get_ipython().system('ls -la')
get_ipython().run_cell_magic('capture', '', 'import torch\nfrom tqdm.notebook import tqdm\n')


# In[2]:


get_ipython().run_cell_magic('time', '', 'def predict(parameters, x):\n    return parameters["a"] * x + parameters["b"]\ndef loss(y_pred, y):\n    return 0.5 * torch.sum((y_pred - y) ** 2)\n')


# In[3]:


def manual_gradients(parameters, x, y):
    e = predict(parameters, x) - y
    return {"a": torch.sum(e * x), "b": torch.sum(e)}
def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


# In[4]:


1 / 0


# In[5]:


get_ipython().run_line_magic('time', 'import math')
from google.colab import files
files.upload()
def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = torch.zeros((), dtype=x.dtype)
    for i in tqdm(range(0, len(x), batch_size)):
        xb, yb = x[i:i + batch_size], y[i:i + batch_size]
        total = total + loss(predict(parameters, xb), yb)
        parameters = update(parameters, manual_gradients(parameters, xb, yb), learning_rates)
    return parameters, total


# In[ ]:


import os
os._exit(1)
