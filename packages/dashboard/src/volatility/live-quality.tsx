import { Section } from '../controls.tsx'
import { toNumber, toWholePercent } from '../number-format.ts'
import { Measure } from './measure.tsx'
import { qualityWords as says } from '../words/quality-words.ts'
import { RegimeMark } from './regime-mark.tsx'
import { type Quality, regimes } from './regimes.ts'

type Live = NonNullable<Quality['live']>
const axis = { min: 0, max: 1 }
const skillAxis = { min: -0.5, max: 1, reference: 0 }

/** The quality of what was shown, measured by labels known later. */
export function LiveQuality({ live }: { readonly live: Quality['live'] }) {
  const score = live?.score ?? null
  const confidence = live?.confidence ?? null
  return (
    <Section title={says.live} text={says.liveText}>
      {score === null && confidence === null ? <p class="muted">{says.noLive}</p> : null}
      {score === null ? null : <Score score={score} />}
      {confidence === null ? null : <Confidence confidence={confidence} />}
    </Section>
  )
}

function Score({ score }: { readonly score: NonNullable<Live['score']> }) {
  const { macro_f1: value, interval, n, f1, support, detection, alerts_per_day: perDay } = score
  return (
    <>
      <dl class="measures">
        <div>
          <dt>{says.macro}</dt>
          <dd>
            <Measure value={value} interval={interval} n={n} axis={axis} />
          </dd>
        </div>
        <div>
          <dt>{says.alerts}</dt>
          <dd>{toNumber(perDay)}</dd>
        </div>
        <div>
          <dt>{says.lag}</dt>
          <dd>
            {detection.median_lag_bars === null ? '—' : says.lagBars(toNumber(detection.median_lag_bars))}
            <span class="muted small block">
              {says.onsets(
                toNumber(detection.found),
                toNumber(detection.already),
                toNumber(detection.missed),
              )}
            </span>
          </dd>
        </div>
      </dl>
      <div class="scroll">
        <table>
          <caption class="unseen">{says.byRegime}</caption>
          <thead>
            <tr>
              <th scope="col">{says.regime}</th>
              <th scope="col" class="number">
                F1
              </th>
              <th scope="col" class="number">
                {says.support}
              </th>
            </tr>
          </thead>
          <tbody>
            {regimes.map((regime) => (
              <tr key={regime}>
                <th scope="row">
                  <RegimeMark regime={regime} />
                </th>
                <td class="number">{toNumber(f1[regime])}</td>
                <td class="number">{toNumber(support[regime])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Confidence({ confidence }: { readonly confidence: NonNullable<Live['confidence']> }) {
  const { skill, skill_interval: interval, n, reliability } = confidence
  return (
    <>
      <dl class="measures">
        <div>
          <dt>
            {says.skill}
            <span class="block small muted">{says.skillText}</span>
          </dt>
          <dd>
            <Measure value={skill} interval={interval} n={n} axis={skillAxis} />
          </dd>
        </div>
      </dl>
      <h3>{says.reliability}</h3>
      <p class="muted small">{says.reliabilityText}</p>
      <div class="scroll">
        <table class="reliability">
          <thead>
            <tr>
              <th scope="col">{says.said}</th>
              <th scope="col">{says.agreed}</th>
              <th scope="col" class="number">
                {says.bars}
              </th>
            </tr>
          </thead>
          <tbody>
            {reliability.map(({ bars, mean, agreed }, tenth) => (
              <tr key={tenth}>
                <th scope="row">
                  {toWholePercent(tenth / 10)} – {toWholePercent((tenth + 1) / 10)}
                </th>
                <td>{mean === null || agreed === null ? '—' : <Agreed mean={mean} agreed={agreed} />}</td>
                <td class="number">{toNumber(bars)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Agreed({ mean, agreed }: { readonly mean: number; readonly agreed: number }) {
  return (
    <span class="agreed">
      <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        <rect class="ground" width="100" height="12" />
        <rect class="bar" width={agreed * 100} height="12" />
        <line x1={mean * 100} x2={mean * 100} y1="0" y2="12" />
      </svg>
      {toWholePercent(agreed)}
    </span>
  )
}
