"""One figure over closes of a file, by the published method and the balanced preset; prints the milliseconds that it took."""
import sys
import time

import numpy

HIGH_ENTER, HIGH_EXIT, LOW_ENTER, LOW_EXIT, ENTER_K, EXIT_K = 3.0, 0.5, -2.5, -0.5, 2, 8
LOW, NORMAL, HIGH = 0, 1, 2
QUANTILES = [5, 25, 50, 75, 95]


def rolling(values, size):
    """Mean and sample deviation of each window."""
    windows = numpy.lib.stride_tricks.sliding_window_view(values, size)
    return windows.mean(axis=1), windows.std(axis=1, ddof=1)


def runs_of(mask, least):
    """Where a run of `least` in a row is whole."""
    counts = numpy.convolve(mask, numpy.ones(least), "valid")
    return numpy.flatnonzero(counts == least) + least - 1


def next_of(places, at):
    place = numpy.searchsorted(places, at)
    return places[place] if place < len(places) else None


def classify(closes):
    """The state after each bar that has a z."""
    _, rv = rolling(numpy.diff(numpy.log(closes)), 30)
    rv *= numpy.sqrt(525_600)
    baseline, sigma = rolling(rv, 240)
    z = (rv[239:] - baseline) / sigma
    into = {HIGH: runs_of(z >= HIGH_ENTER, ENTER_K), LOW: runs_of(z <= LOW_ENTER, ENTER_K)}
    out_of = {HIGH: runs_of(z <= HIGH_EXIT, EXIT_K), LOW: runs_of(z >= LOW_EXIT, EXIT_K)}
    states = numpy.full(len(z), NORMAL, dtype=numpy.int8)
    at = 0
    while True:
        found = [(next_of(places, at + ENTER_K - 1), state) for state, places in into.items()]
        known = [one for one in found if one[0] is not None]
        if not known:
            return states
        begin, state = min(known)
        end = next_of(out_of[state], begin + EXIT_K)
        states[begin : len(z) if end is None else end] = state
        if end is None:
            return states
        at = end + 1


def matrix(closes):
    states = classify(closes)
    return numpy.bincount(3 * states[:-1].astype(int) + states[1:], minlength=9).reshape(3, 3)


def durations(closes):
    states = classify(closes)
    ends = numpy.flatnonzero(numpy.diff(states)) + 1
    lengths = numpy.diff(ends)
    own = states[ends[:-1]]
    return [describe(lengths[own == state]) for state in (LOW, NORMAL, HIGH)]


def returns(closes):
    states = classify(closes)[:-1]
    moves = numpy.diff(numpy.log(closes))[-len(states) :]
    return [describe(moves[states == state]) for state in (LOW, NORMAL, HIGH)] + [describe(moves)]


def describe(values):
    if len(values) == 0:
        return None
    return values.mean(), values.std(), numpy.percentile(values, QUANTILES)


def correlation(closes):
    """Of one column for each symbol, one after the other."""
    moves = numpy.diff(numpy.log(closes.reshape(SYMBOLS, -1)), axis=1)
    rho = numpy.corrcoef(moves)
    pairs = rho[numpy.triu_indices(SYMBOLS, 1)]
    return pairs.mean(), pairs.std(ddof=1)


figure, path = sys.argv[1:3]
SYMBOLS = int(sys.argv[3]) if len(sys.argv) > 3 else 1
columns = numpy.fromfile(path)
started = time.perf_counter()
result = {"matrix": matrix, "durations": durations, "returns": returns, "correlation": correlation}[figure](columns)
took = time.perf_counter() - started
assert result is not None
print(took * 1000)
