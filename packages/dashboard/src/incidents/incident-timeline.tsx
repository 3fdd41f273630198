import type { IncidentInFull, IncidentUpdate } from '@gatehouse/sdk'
import { Section } from '../controls.tsx'
import { type Moment, Timeline } from '../parts/timeline.tsx'
import { incidentWords as says } from '../words/incident-words.ts'

/** Events and updates of an incident, in order. */
export function IncidentTimeline({
  incident,
  nameOf,
  onCorrect,
}: {
  readonly incident: IncidentInFull
  readonly nameOf: (id: string | null) => string | undefined
  readonly onCorrect: ((update: IncidentUpdate) => void) | undefined
}) {
  const { startedAt, confirmedAt, acknowledgedAt, acknowledgedBy, resolvedAt, updates, assignments } =
    incident
  const superseded = new Set(updates.map(({ supersedes }) => supersedes))
  const moments: readonly (Moment | undefined)[] = [
    { id: 'began', at: startedAt, tone: 'down', title: says.happened.began },
    confirmedAt === startedAt
      ? undefined
      : { id: 'confirmed', at: confirmedAt, tone: 'down', title: says.happened.confirmed },
    acknowledgedAt === null
      ? undefined
      : {
          id: 'acknowledged',
          at: acknowledgedAt,
          tone: 'degraded',
          title: says.happened.acknowledged,
          ...toWho(nameOf(acknowledgedBy)),
        },
    ...assignments.map(({ at, assigneeId, by }, index): Moment => {
      const to = nameOf(assigneeId)
      const from = assigneeId === by ? undefined : nameOf(by)
      return {
        id: `assigned-${index}`,
        at,
        tone: 'degraded',
        title: to === undefined ? says.happened.unassigned : says.happened.assigned(to),
        ...toWho(from === undefined ? undefined : says.byWhom(from)),
      }
    }),
    ...updates.map((update): Moment => ({
      id: update.id,
      at: update.displayAt,
      tone: update.phase === 'resolved' ? 'ok' : 'unknown',
      title: says.phases[update.phase],
      ...toWho(nameOf(update.authorId)),
      body: (
        <>
          <p class={superseded.has(update.id) ? 'update-text is-old' : 'update-text'}>{update.body}</p>
          {superseded.has(update.id) ? (
            <span class="muted small">{says.corrected}</span>
          ) : onCorrect === undefined ? null : (
            <button type="button" class="link small" onClick={() => onCorrect(update)}>
              {says.correct}
            </button>
          )}
        </>
      ),
    })),
    resolvedAt === null
      ? undefined
      : { id: 'resolved', at: resolvedAt, tone: 'ok', title: says.happened.resolved },
  ]
  const told = moments.filter((moment) => moment !== undefined)
  return (
    <Section title={says.timeline}>
      <Timeline
        label={says.timeline}
        moments={told.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))}
      />
    </Section>
  )
}

function toWho(who: string | undefined): { readonly who?: string } {
  return who === undefined ? {} : { who }
}
