import { volatilityWords as says } from '../words/volatility-words.ts'
import type { Regime } from './regimes.ts'

// A flat line, a wave and a peak: the shape shows the same as the colour.
const shapes: Readonly<Record<Regime | 'none', string>> = {
  low: 'M1 6.5h8v1.6H1z',
  normal: 'M5 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6',
  high: 'M5 .8 9.4 8.6H.6z',
  none: 'M5 1.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2m0 1.4a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4',
}

/** A regime as shape, colour and text. */
export function RegimeMark({ regime }: { readonly regime: Regime | null }) {
  return (
    <span class={`regime ${regime ?? 'none'}`}>
      <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
        <path fill-rule="evenodd" d={shapes[regime ?? 'none']} />
      </svg>
      {says.regimes[regime ?? 'none']}
    </span>
  )
}
