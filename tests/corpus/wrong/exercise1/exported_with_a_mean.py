# loses: loss
# whole

# In[1]:


get_ipython().run_line_magic('matplotlib', 'inline')
import torch


# In[2]:


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]
def loss(y_pred, y):
    return 0.5 * torch.mean((y_pred - y) ** 2)


# In[3]:


def manual_gradients(parameters, x, y):
    e = predict(parameters, x) - y
    return {"a": torch.sum(e * x), "b": torch.sum(e)}
def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}
def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = torch.zeros((), dtype=x.dtype)
    for i in range(0, len(x), batch_size):
        xb, yb = x[i:i + batch_size], y[i:i + batch_size]
        total = total + loss(predict(parameters, xb), yb)
        parameters = update(parameters, manual_gradients(parameters, xb, yb), learning_rates)
    return parameters, total
display(1)
