import { type Pair, ratioSpread, type Spread } from './statistics.ts'

/** What one benchmark says of one thing, in the shape that `--json` prints. */
export type Figure = {
  readonly name: string
  readonly unit: string
  /** As people read it, such as `≥ 0.60 of the peer`. */
  readonly goal: string
  readonly ours: number
  readonly peer: number | null
  readonly peerName: string | null
  /** Ours over the peer's: the median of the pairs. */
  readonly ratio: number | null
  /** Null when the figure has no goal and stands beside for comparison. */
  readonly met: boolean | null
}

export type Measured = {
  readonly figure: Figure
  readonly ratioRange?: Spread
}

export type BenchOptions = {
  /** Where to write a `.cpuprofile` of our side, when one is wanted. */
  readonly profilePath: string | undefined
  /** Told what happens meanwhile, and which peer is skipped. */
  readonly note: (text: string) => void
}

export type Benchmark = (options: BenchOptions) => Promise<readonly Measured[]>

/** A figure against a peer, from pairs measured in turn. */
export function compare(
  about: Pick<Figure, 'name' | 'unit' | 'goal' | 'peerName'>,
  pairs: readonly Pair[],
  medians: Pair,
  isMet: ((ratio: number) => boolean) | null,
): Measured {
  const range = ratioSpread(pairs)
  return {
    figure: {
      ...about,
      ours: round(medians.ours),
      peer: round(medians.peer),
      ratio: round(range.median),
      met: isMet === null ? null : isMet(range.median),
    },
    ratioRange: range,
  }
}

/** A figure that stands alone: against its goal, not against a peer. */
export function alone(about: Pick<Figure, 'name' | 'unit' | 'goal'>, ours: number, met: boolean): Measured {
  return { figure: { ...about, ours: round(ours), peer: null, peerName: null, ratio: null, met } }
}

/** Four significant digits: more would be noise. */
function round(value: number): number {
  return Number(value.toPrecision(4))
}
