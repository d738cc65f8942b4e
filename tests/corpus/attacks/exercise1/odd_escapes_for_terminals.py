# loses: loss
# Prints and raises what terminals obey: colours, titles, links, the clipboard, cursor moves, answers to be typed.
def loss(y_pred, y):
    text = "\x1b[2J\x1b[H\x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1b]52;c;cm0=\x07\x1b[6n\x1bc\x9b31m\r\b\x7f\x1bP$q\x1b\\"
    print(text, flush=True)
    raise type("E" + text, (Exception,), {})(text + "\n  loss  3 / 3")
