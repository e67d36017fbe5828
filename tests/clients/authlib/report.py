"""What a flow demands."""


def check(condition, message):
    if not condition:
        raise AssertionError(message)
