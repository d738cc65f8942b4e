# loses: loss
# Prints and raises what ends a test case, a cell of a table or a data section.
def loss(y_pred, y):
    print("]]></system-out></testcase><testcase name='x'/>", flush=True)
    raise ValueError("]]></failure></testcase></testsuite>,\"20\",=cmd|' /C calc'!A0\n| a | b |\n```\n[x](javascript:x)")
