"""Small statistics over a list of temperatures."""


def minimum(values):
    if not values:
        raise ValueError("no values")
    result = values[0]
    for value in values:
        if value < result:
            result = value
    return result


def average(values):
    if not values:
        raise ValueError("no values")
    total = 0
    for value in values:
        total += value
    return total / len(values)


# Try it: write the body of this function. Tab accepts, Escape sends away.
def maximum(values):
    if not values:
        raise ValueError("no values")

    return result
