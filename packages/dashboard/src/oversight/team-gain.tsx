import { toPercent, toSignedPoints } from '../number-format.ts'
import { Interval } from '../parts/interval.tsx'
import { oversightWords } from '../words/oversight-words.ts'
import type { Metric } from './oversight-calls.ts'

const says = oversightWords.org
const axis = { min: -0.3, max: 0.3, reference: 0 }

/** Whether human and AI together decide better than the better of the two alone. */
export function TeamGain({ gain, withheld }: { readonly gain: Metric | null; readonly withheld: string }) {
  const { value = null, low = null, high = null, n = 0 } = gain ?? {}
  return (
    <section class="lead" aria-label={oversightWords.teamGain}>
      <div>
        <h2>{oversightWords.teamGain}</h2>
        <p class="muted small">{oversightWords.teamGainText}</p>
      </div>
      <p class={`verdict ${toVerdict(gain)}`}>{says.verdicts[toVerdict(gain)]}</p>
      <Interval
        value={value}
        low={low}
        high={high}
        n={n}
        axis={axis}
        format={(share) => oversightWords.points(toSignedPoints(share))}
        {...(value === null ? { withheld: gain === null ? withheld : oversightWords.sendOwn } : {})}
      />
      {gain?.basis === 'unaided' ? <p class="muted small">{oversightWords.unaided}</p> : null}
      {gain?.final_accuracy === undefined ? null : (
        <dl class="figures">
          <Accuracy name={says.own} value={gain.own_accuracy ?? null} />
          <Accuracy name={says.ai} value={gain.ai_accuracy ?? null} />
          <Accuracy name={says.final} value={gain.final_accuracy} />
        </dl>
      )}
    </section>
  )
}

function Accuracy({ name, value }: { readonly name: string; readonly value: number | null }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value === null ? '—' : toPercent(value)}</dd>
    </div>
  )
}

function toVerdict(gain: Metric | null): keyof typeof says.verdicts {
  if (gain === null || gain.value === null || gain.low === null || gain.high === null) return 'unknown'
  if (gain.low > 0) return 'better'
  return gain.high < 0 ? 'worse' : 'open'
}
