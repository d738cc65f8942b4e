# loses: loss, update
# Prints, raises and names keys in HTML, so that a page would run it.
def loss(y_pred, y):
    print("</pre><script>alert(1)</script><img src=x onerror=alert(1)>", flush=True)
    raise type("</td><script>alert(2)</script>", (Exception,), {})("<svg onload=alert(3)>&lt;script&gt;{{7*7}}{% raw %}")


def update(parameters, gradients, learning_rates):
    return {"<script>alert(4)</script>": 1, "a\" onmouseover=\"alert(5)": 2}
