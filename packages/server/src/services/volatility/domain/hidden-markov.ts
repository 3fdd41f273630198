import { mulberry32 } from './mulberry32.ts'

/** A hidden Markov chain with normally distributed emissions; states are ordered by mean. */
export type GaussianChain = {
  readonly means: readonly number[]
  readonly deviations: readonly number[]
  readonly start: readonly number[]
  /** Probability of moving from the row's state to the column's. */
  readonly transitions: readonly (readonly number[])[]
  readonly logLikelihood: number
}

const iterationsMax = 100
const tolerance = 1e-6
const starts = 5
/** Lower limit of a deviation: a state that shrinks to one value would have infinite likelihood. */
const deviationLeast = 1e-3

/**
 * Fits a chain by the Baum–Welch algorithm (1970) from 5 seeded starts and takes the likeliest. At most 100
 * iterations, until the log-likelihood improves by less than 1e-6 of its value.
 */
export function fitChain(values: Float64Array, states: number, seed: number): GaussianChain {
  const draw = mulberry32(seed)
  let best: GaussianChain | undefined
  for (let attempt = 0; attempt < starts; attempt += 1) {
    let chain = firstGuess(values, states, draw)
    for (let iteration = 0; iteration < iterationsMax; iteration += 1) {
      const next = improve(chain, values)
      const gain = next.logLikelihood - chain.logLikelihood
      chain = next
      if (iteration > 0 && gain < tolerance * Math.abs(chain.logLikelihood)) break
    }
    if (best === undefined || chain.logLikelihood > best.logLikelihood) best = chain
  }
  if (best === undefined) throw new Error('A chain is fitted from one start at least')
  return inOrder(best)
}

/** The most probable state after each value, from that value and earlier ones only. */
export function filterChain(chain: GaussianChain, values: Float64Array): Uint8Array {
  const states = chain.means.length
  let belief: readonly number[] = chain.start
  return Uint8Array.from(values, (value, index) => {
    const before = index === 0 ? belief : stepBelief(chain, belief)
    const weighed = before.map((share, state) => share * densityOf(chain, state, value))
    const total = weighed.reduce((sum, share) => sum + share, 0)
    // A value that no state explains leaves the probabilities unchanged.
    belief = total > 0 ? weighed.map((share) => share / total) : before
    return argMax(belief, states)
  })
}

function stepBelief({ transitions }: GaussianChain, belief: readonly number[]): readonly number[] {
  return belief.map((_, to) =>
    belief.reduce((sum, share, from) => sum + share * (transitions[from]?.[to] ?? 0), 0),
  )
}

function argMax(belief: readonly number[], states: number): number {
  let most = 0
  for (let state = 1; state < states; state += 1) if ((belief[state] ?? 0) > (belief[most] ?? 0)) most = state
  return most
}

function densityOf(
  { means, deviations }: Pick<GaussianChain, 'means' | 'deviations'>,
  state: number,
  value: number,
): number {
  const deviation = deviations[state] ?? 1
  const distance = (value - (means[state] ?? 0)) / deviation
  return Math.exp(-0.5 * distance * distance) / (deviation * Math.sqrt(2 * Math.PI))
}

/** Initial values: means drawn from the data, one common deviation, persistent states. */
function firstGuess(values: Float64Array, states: number, draw: () => number): GaussianChain {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const all = Array.from({ length: states }, (_, state) => state)
  const stay = 0.9
  return {
    means: all.map(() => values[Math.floor(draw() * values.length)] ?? mean),
    deviations: all.map(() => Math.max(deviationLeast, Math.sqrt(variance))),
    start: all.map(() => 1 / states),
    transitions: all.map((from) => all.map((to) => (from === to ? stay : (1 - stay) / (states - 1)))),
    logLikelihood: Number.NEGATIVE_INFINITY,
  }
}

/**
 * One step of expectation maximisation, with scaled forward and backward passes. The returned likelihood is that of
 * the old chain.
 */
function improve(chain: GaussianChain, values: Float64Array): GaussianChain {
  const n = values.length
  const states = chain.means.length
  const density = new Float64Array(n * states)
  const forward = new Float64Array(n * states)
  const scales = new Float64Array(n)
  for (let index = 0; index < n; index += 1)
    for (let state = 0; state < states; state += 1)
      density[index * states + state] = Math.max(1e-300, densityOf(chain, state, values[index] ?? 0))
  const flow = chain.transitions.flat()
  for (let index = 0; index < n; index += 1) {
    let total = 0
    for (let to = 0; to < states; to += 1) {
      let share = index === 0 ? (chain.start[to] ?? 0) : 0
      if (index > 0)
        for (let from = 0; from < states; from += 1)
          share += (forward[(index - 1) * states + from] ?? 0) * (flow[from * states + to] ?? 0)
      share *= density[index * states + to] ?? 0
      forward[index * states + to] = share
      total += share
    }
    scales[index] = total
    for (let to = 0; to < states; to += 1)
      forward[index * states + to] = (forward[index * states + to] ?? 0) / total
  }
  const weights = new Float64Array(n * states)
  const moves = new Float64Array(states * states)
  let backward = new Float64Array(states).fill(1)
  for (let index = n - 1; index >= 0; index -= 1) {
    for (let state = 0; state < states; state += 1)
      weights[index * states + state] = (forward[index * states + state] ?? 0) * (backward[state] ?? 0)
    if (index === 0) break
    const earlier = new Float64Array(states)
    const scale = scales[index] ?? 1
    for (let from = 0; from < states; from += 1)
      for (let to = 0; to < states; to += 1) {
        const onward =
          ((flow[from * states + to] ?? 0) * (density[index * states + to] ?? 0) * (backward[to] ?? 0)) /
          scale
        earlier[from] = (earlier[from] ?? 0) + onward
        const cell = from * states + to
        moves[cell] = (moves[cell] ?? 0) + (forward[(index - 1) * states + from] ?? 0) * onward
      }
    backward = earlier
  }
  const all = Array.from({ length: states }, (_, state) => state)
  const sums = all.map((state) => sumOver(weights, states, state, () => 1))
  const means = all.map(
    (state) => sumOver(weights, states, state, (index) => values[index] ?? 0) / (sums[state] ?? 1),
  )
  return {
    means,
    deviations: all.map((state) => {
      const squares = sumOver(
        weights,
        states,
        state,
        (index) => ((values[index] ?? 0) - (means[state] ?? 0)) ** 2,
      )
      return Math.max(deviationLeast, Math.sqrt(squares / (sums[state] ?? 1)))
    }),
    start: all.map((state) => weights[state] ?? 0),
    transitions: all.map((from) => {
      const row = all.map((to) => moves[from * states + to] ?? 0)
      const total = row.reduce((sum, value) => sum + value, 0)
      return row.map((value) => (total > 0 ? value / total : 1 / states))
    }),
    logLikelihood: scales.reduce((sum, scale) => sum + Math.log(scale), 0),
  }
}

function sumOver(
  weights: Float64Array,
  states: number,
  state: number,
  of: (index: number) => number,
): number {
  let sum = 0
  for (let index = 0; index * states < weights.length; index += 1)
    sum += (weights[index * states + state] ?? 0) * of(index)
  return sum
}

function inOrder(chain: GaussianChain): GaussianChain {
  const order = chain.means.map((mean, state) => ({ mean, state })).toSorted((a, b) => a.mean - b.mean)
  const pick = <T>(list: readonly T[]): readonly T[] =>
    order.flatMap(({ state }) => list.slice(state, state + 1))
  return {
    means: pick(chain.means),
    deviations: pick(chain.deviations),
    start: pick(chain.start),
    transitions: pick(chain.transitions).map(pick),
    logLikelihood: chain.logLikelihood,
  }
}
