import { toNumber } from '../number-format.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { BandMark } from './band-mark.tsx'
import { bands, type Organisation } from './oversight-calls.ts'

type Distribution = Organisation['dashboard']['distribution']

/** The number of operators in each band, and of those with too little data. */
export function BandBars({
  distribution,
  withheld,
}: {
  readonly distribution: Distribution
  readonly withheld: number
}) {
  const most = Math.max(1, withheld, ...Object.values(distribution))
  return (
    <ul class="band-bars">
      {bands.map((band) => (
        <Bar key={band} count={distribution[band]} most={most}>
          <BandMark band={band} />
        </Bar>
      ))}
      <Bar count={withheld} most={most}>
        <BandMark band={null} />
      </Bar>
    </ul>
  )
}

function Bar({
  count,
  most,
  children,
}: {
  readonly count: number
  readonly most: number
  readonly children: preact.ComponentChildren
}) {
  return (
    <li>
      {children}
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width={(count / most) * 100} height="10" />
      </svg>
      <span class="number">{oversightWords.org.people(toNumber(count))}</span>
    </li>
  )
}
