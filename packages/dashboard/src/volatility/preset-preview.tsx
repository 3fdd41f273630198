import { useMemo } from 'preact/hooks'
import { toNumber, toWholePercent } from '../number-format.ts'
import { TimeChart } from '../parts/time-chart.tsx'
import { volatilityWords } from '../words/volatility-words.ts'
import { RegimeMark } from './regime-mark.tsx'
import { type Preview, regimes } from './regimes.ts'
import { toBands } from './to-bands.ts'

const says = volatilityWords.presets
type Shares = Preview['wanted']

/** The result of thresholds on every stored bar, compared with the initial ones. */
export function PresetPreview({ preview, isOld }: { readonly preview: Preview; readonly isOld: boolean }) {
  const drawn = useMemo(
    () => ({
      bands: toBands(preview.ts_ms, preview.regime),
      series: [{ name: volatilityWords.page.z, values: preview.z_vol }],
    }),
    [preview],
  )
  if (preview.classified === 0) return <p class="muted">{says.previewEmpty}</p>
  return (
    <div class={isOld ? 'preview is-old' : 'preview'} aria-busy={isOld}>
      <p class="muted small">{says.previewText(toNumber(preview.bars))}</p>
      <div class="scroll" tabIndex={0} role="group" aria-label={says.preview}>
        <table>
          <thead>
            <tr>
              <th scope="col">{says.name}</th>
              <th scope="col" class="number">
                {says.changes}
              </th>
              {regimes.map((regime) => (
                <th key={regime} scope="col" class="number">
                  <RegimeMark regime={regime} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <SharesRow name={says.editor} shares={preview.wanted} isMain />
            <SharesRow name={says.beside(preview.base.preset)} shares={preview.base} />
          </tbody>
        </table>
      </div>
      <TimeChart
        label={says.chart}
        times={preview.ts_ms}
        series={drawn.series}
        bands={drawn.bands}
        format={(value) => `${toNumber(value)} σ`}
      />
    </div>
  )
}

function SharesRow({
  name,
  shares: { share, changes, changes_per_day: perDay },
  isMain = false,
}: {
  readonly name: string
  readonly shares: Shares
  readonly isMain?: boolean
}) {
  return (
    <tr class={isMain ? '' : 'muted'}>
      <th scope="row">{name}</th>
      <td class="number">
        {perDay === null ? '—' : toNumber(perDay)}{' '}
        <span class="muted small">({says.changesOf(toNumber(changes))})</span>
      </td>
      {regimes.map((regime) => (
        <td key={regime} class="number">
          {share === null ? '—' : toWholePercent(share[regime])}
        </td>
      ))}
    </tr>
  )
}
