import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { oversightWords as says } from '../words/oversight-words.ts'
import type { Band } from './oversight-calls.ts'

const tones: Readonly<Record<Band, Tone>> = {
  exemplary: 'ok',
  proficient: 'ok',
  adequate: 'ok',
  at_risk: 'degraded',
  impaired: 'down',
  non_functional: 'down',
}

/** The band of a score; without one, that there is too little data. */
export function BandMark({ band }: { readonly band: Band | null }) {
  if (band === null) return <StatusMark tone="unknown" text={says.list.withheld} />
  return <StatusMark tone={tones[band]} text={says.bands[band]} />
}
