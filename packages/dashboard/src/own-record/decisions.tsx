import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Dialog, Section, Select } from '../controls.tsx'
import { toExact } from '../to-exact.ts'
import { Complaint } from '../parts.tsx'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'
import { ownRecordWords as says } from '../words/own-record-words.ts'
import { toPercent } from '../number-format.ts'
import { toNumber } from './figures.tsx'
import type { OwnInteraction, OwnRecordCalls } from './own-api.ts'

/** The operator's decisions as counted, each with a way to contest it. */
export function Decisions({ calls }: { readonly calls: OwnRecordCalls }) {
  const [contested, setContested] = useState<OwnInteraction>()
  const pages = useInfiniteQuery({
    queryKey: ['own-decisions'],
    queryFn: ({ pageParam }) => calls.interactions(pageParam === '' ? {} : { cursor: pageParam }),
    initialPageParam: '',
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  })
  const decisions = pages.data?.pages.flatMap(({ interactions }) => interactions) ?? []
  return (
    <Section title={says.decisions} text={says.decisionsText}>
      <Complaint error={pages.error} />
      <div class="own-scroll">
        <table class="own-rows">
          <thead>
            <tr>
              {[says.when, says.decision, says.outcome, says.looked, says.wordOf, says.effect].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">
                <span class="skip">{says.contest}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {decisions.map((one) => (
              <Row key={one.interaction_id} one={one} onContest={() => setContested(one)} />
            ))}
          </tbody>
        </table>
      </div>
      {pages.hasNextPage ? (
        <button type="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
          {says.more}
        </button>
      ) : null}
      {contested === undefined ? null : (
        <ContestForm calls={calls} about={contested} onClose={() => setContested(undefined)} />
      )}
    </Section>
  )
}

/** The stored inputs. */
type Inputs = {
  readonly decision: keyof typeof says.decisionNames
  readonly modification_extent: number
  readonly outcome_correct: boolean | null
  readonly time_to_decision_ms: number
  readonly hover_events: number | null
  readonly alternative_views_checked: number | null
  readonly scenario_type: string
}

function Row({ one, onContest }: { readonly one: OwnInteraction; readonly onContest: () => void }) {
  // Safe: these are the members of stored inputs, as `GET /v1/own-record/interactions` describes them.
  const inputs = one.inputs as unknown as Inputs
  const isExcluded = one.state === 'excluded'
  return (
    <tr>
      <td data-label={says.when}>
        <time dateTime={one.occurred_at}>{toExact(one.occurred_at)}</time>
        <p class="muted small">{one.session_id}</p>
      </td>
      <td data-label={says.decision}>
        <span>{says.decisionNames[inputs.decision]}</span>
        {inputs.decision === 'modified' ? (
          <p class="muted small">{says.changedBy(toPercent(inputs.modification_extent))}</p>
        ) : null}
        {inputs.scenario_type === 'standard' ? null : <p class="muted small">{says.practice}</p>}
      </td>
      <td data-label={says.outcome}>
        <span>{toOutcome(inputs.outcome_correct)}</span>
      </td>
      <td data-label={says.looked}>
        <span>
          {says.lookedText(
            toNumber(inputs.time_to_decision_ms / 1_000),
            toCount(inputs.hover_events),
            toCount(inputs.alternative_views_checked),
          )}
        </span>
      </td>
      <td data-label={says.wordOf}>
        <span>{says.grades[one.evidence.grade]}</span>
      </td>
      <td data-label={says.effect}>
        <span>{isExcluded ? says.excluded : toEffects(one)}</span>
      </td>
      <td>
        {isExcluded ? null : (
          <button type="button" class="link" onClick={onContest}>
            {says.contest}
          </button>
        )}
      </td>
    </tr>
  )
}

function toOutcome(outcome: boolean | null): string {
  if (outcome === null) return says.unknown
  return outcome ? says.right : says.wrong
}

function toCount(count: number | null): string {
  return count === null ? says.notMeasured : toNumber(count)
}

/** From the score before the decision's first event to the one after its last. */
function toEffects({ effects }: OwnInteraction): string {
  const shown = effects.filter(({ jis_after: after }) => after !== null)
  const [first, last] = [shown[0], shown.at(-1)]
  if (first === undefined || last?.jis_after == null) return says.noEffect
  const before = first.jis_before
  return says.effectFrom(before === null ? '—' : toNumber(before), toNumber(last.jis_after))
}

function ContestForm({
  calls,
  about,
  onClose,
}: {
  readonly calls: OwnRecordCalls
  readonly about: OwnInteraction
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const [error, setError] = useState<unknown>()
  const [isBusy, setIsBusy] = useState(false)
  const send = async (fields: FormData): Promise<void> => {
    setIsBusy(true)
    setError(undefined)
    try {
      await calls.contest({
        interaction_id: about.interaction_id,
        // Safe: the field's options are the reasons.
        reason: toText(fields, 'reason') as keyof typeof says.reasons,
        statement: toText(fields, 'statement'),
      })
      await queries.invalidateQueries()
      onClose()
    } catch (refusal) {
      setError(refusal)
      setIsBusy(false)
    }
  }
  return (
    <Dialog title={says.contestTitle} text={says.contestText} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void send(new FormData(event.currentTarget))
        }}
      >
        <Select
          label={says.reason}
          name="reason"
          first="wrong_outcome"
          choices={Object.entries(says.reasons).map(([value, text]) => ({ value, text }))}
        />
        <label class="field">
          <span>{says.statement}</span>
          <textarea name="statement" rows={4} maxLength={2_000} />
          <small>{says.statementHint}</small>
        </label>
        <Complaint error={error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={isBusy}>
            {says.send}
          </button>
          <button type="button" class="quiet" onClick={onClose}>
            {words.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
