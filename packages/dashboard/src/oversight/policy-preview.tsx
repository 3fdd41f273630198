import type { ComponentChildren } from 'preact'
import { at } from '../at.ts'
import { ExactMoment } from '../moment.tsx'
import { toNumber, toSigned } from '../number-format.ts'
import { toExact } from '../to-exact.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { policyPreviewWords as says } from '../words/policy-preview-words.ts'
import { reviewWords } from '../words/review-words.ts'
import type { PolicyPreview as Preview } from './oversight-calls.ts'

const { routes: routeNames, made } = reviewWords.decisions
const routes = ['auto', 'async_review', 'must_review', 'policy_blocked'] as const
const ofWaiting = ['decided', 'expired_released', 'expired_blocked', 'open'] as const
const moves = ['stricter', 'looser', 'outcome'] as const

/** What the form's policy would have done with the newest decisions. */
export function PolicyPreview({ preview }: { readonly preview: Preview }) {
  const { decisions, since, until } = preview
  return (
    <section class="part measured" role="status" aria-label={says.title}>
      <h3>{says.title}</h3>
      {since === null || until === null ? (
        <p class="muted">{says.none}</p>
      ) : (
        <>
          <p class="muted small">
            {says.span(toNumber(decisions), toExact(since), toExact(until))}
            {decisions < preview.decisions_max ? null : <> {says.newest(toNumber(decisions))}</>}
          </p>
          <NotJudged preview={preview} />
          {preview.judged === 0 ? null : <Judged preview={preview} />}
        </>
      )}
    </section>
  )
}

function NotJudged({ preview: { decisions, not_judged: not } }: { readonly preview: Preview }) {
  if (not.count === 0) return null
  return (
    <div class="notice">
      <p>{says.notJudged(toNumber(not.count), toNumber(decisions))}</p>
      <ul class="small">
        {not.inputs_gone === 0 ? null : <li>{says.inputsGone(toNumber(not.inputs_gone))}</li>}
        {not.model_unknown === 0 ? null : <li>{says.modelUnknown(toNumber(not.model_unknown))}</li>}
      </ul>
    </div>
  )
}

function Judged({ preview }: { readonly preview: Preview }) {
  const { judged, moved, recorded, in_force: inForce, changed } = preview
  const different = judged - moved.same
  const isEarlier = routes.some((route) => recorded.routes[route] !== inForce.routes[route])
  return (
    <>
      {different === 0 ? (
        <p>{says.same(toNumber(judged))}</p>
      ) : (
        <p>
          <strong>{says.different(toNumber(different), toNumber(judged))}</strong>{' '}
          {moves
            .filter((move) => moved[move] > 0)
            .map((move) => says.moved[move](toNumber(moved[move])))
            .join(' · ')}
        </p>
      )}
      {isEarlier ? <p class="muted small">{says.earlier}</p> : null}
      <Compared title={says.figure}>
        {routes.map((route) => (
          <Row key={route} name={routeNames[route]} was={inForce.routes[route]} is={changed.routes[route]} />
        ))}
        <Row name={says.waiting} was={inForce.waiting} is={changed.waiting} isMain />
        {inForce.waiting_per_day === null || changed.waiting_per_day === null ? null : (
          <Row name={says.perDay} was={inForce.waiting_per_day} is={changed.waiting_per_day} isMain />
        )}
      </Compared>
      {inForce.waiting + changed.waiting === 0 ? null : <Waiting preview={preview} />}
      <Differing preview={preview} different={different} />
    </>
  )
}

function Waiting({ preview: { in_force: inForce, changed } }: { readonly preview: Preview }) {
  const pools = [...new Set([...inForce.pools, ...changed.pools].map(({ pool }) => pool))]
  const countIn = (tally: Preview['changed'], wanted: string | null): number =>
    tally.pools.find(({ pool }) => pool === wanted)?.waiting ?? 0
  return (
    <>
      {pools.some((pool) => pool !== null) ? (
        <Compared title={says.pool}>
          {pools.map((pool) => (
            <Row
              key={pool ?? ''}
              name={pool === null ? <span class="muted">{says.anyone}</span> : pool}
              was={countIn(inForce, pool)}
              is={countIn(changed, pool)}
            />
          ))}
        </Compared>
      ) : null}
      <Compared title={says.outcome}>
        {ofWaiting.map((outcome) => (
          <Row
            key={outcome}
            name={says.outcomes[outcome]}
            was={inForce.outcomes[outcome]}
            is={changed.outcomes[outcome]}
          />
        ))}
      </Compared>
      <p class="muted small">{says.outcomeText}</p>
    </>
  )
}

function Compared({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={title}>
      <table class="compared">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            {[says.inForce, says.changed, says.difference].map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

function Row({
  name,
  was,
  is,
  isMain = false,
}: {
  readonly name: ComponentChildren
  readonly was: number
  readonly is: number
  readonly isMain?: boolean
}) {
  const text = is === was ? '–' : toSigned(is - was)
  return (
    <tr>
      <th scope="row">{isMain ? <strong>{name}</strong> : name}</th>
      <td class="number">{toNumber(was)}</td>
      <td class="number">{toNumber(is)}</td>
      <td class="number">{isMain ? <strong>{text}</strong> : text}</td>
    </tr>
  )
}

function Differing({
  preview: { differing },
  different,
}: {
  readonly preview: Preview
  readonly different: number
}) {
  if (differing.length === 0) return null
  const title = says.differing(toNumber(differing.length), toNumber(different))
  return (
    <details class="more" open={differing.length <= shownAtOnce}>
      <summary>{title}</summary>
      <ul class="list" aria-label={title}>
        {differing.map((one) => (
          <li key={one.ai_decision_log_id}>
            <div class="grow">
              <a class="name" href={at(`/oversight/decisions/${one.ai_decision_log_id}`)}>
                {oversightWords.domains[one.domain]}
              </a>
              <p class="muted small">
                {says.move[one.moved]}: {toOutcome(one.in_force)} → {toOutcome(one.changed)}
              </p>
            </div>
            <span class="muted small" title={made}>
              <ExactMoment at={one.received_at} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

const shownAtOnce = 5

function toOutcome({ route, outcome }: Preview['differing'][number]['changed']): string {
  const name = routeNames[route]
  return outcome === 'released' || outcome === 'blocked' || outcome === 'open'
    ? name
    : `${name} (${says.outcomes[outcome]})`
}
