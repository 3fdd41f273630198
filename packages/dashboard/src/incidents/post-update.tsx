import type { IncidentInFull, IncidentUpdate, Service } from '@gatehouse/sdk'
import { toSentence } from '../to-sentence.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Checks, Form, Section, toChecked } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Segments } from '../parts/choices.tsx'
import { TextArea } from '../parts/text-area.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { useOnce } from '../use-once.ts'
import { words } from '../words.ts'
import { incidentWords as says } from '../words/incident-words.ts'

const openPhases = ['investigating', 'identified', 'monitoring', 'resolved'] as const
const told = 'notifySubscribers'
type Phase = IncidentUpdate['phase']
type Wanted = Parameters<typeof gatehouse.uptime.incidents.addUpdate>[1]

/** Posts an update to the status page, with a preview and its audience. */
export function PostUpdate({
  incident,
  page,
  corrected,
  onDone,
}: {
  readonly incident: IncidentInFull
  readonly page: Service | undefined
  /** The update that the new one corrects. */
  readonly corrected: IncidentUpdate | undefined
  readonly onDone: () => void
}) {
  const queries = useQueryClient()
  const isOver = incident.status === 'resolved'
  const last = incident.publicPhase
  const [chosen, setChosen] = useState<Phase>(
    corrected?.phase ?? openPhases.find((phase) => phase === last) ?? 'investigating',
  )
  const phase = isOver ? 'postmortem' : chosen
  const [body, setBody] = useState(corrected?.body ?? '')
  const once = useOnce((update: Wanted, idempotencyKey) =>
    gatehouse.uptime.incidents.addUpdate(incident.id, update, { idempotencyKey }),
  )
  const post = useMutation({
    mutationFn: once,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['incidents'] })
      showToast(says.posted)
      onDone()
    },
  })
  const title = corrected !== undefined ? says.correcting : isOver ? says.postMortem : says.updates
  return (
    <Section title={title} {...(corrected === undefined ? {} : { text: says.correctingText })}>
      <Form
        label={title}
        class="add"
        error={post.error}
        onSubmit={(fields) =>
          post.mutate({
            phase,
            body,
            notifySubscribers: toChecked(fields, told).includes(told),
            ...(corrected === undefined ? {} : { supersedes: corrected.id }),
          })
        }
      >
        {isOver ? null : (
          <Segments
            label={says.phase}
            value={chosen}
            options={openPhases.map((value) => ({ value, text: says.phases[value] }))}
            onChoose={setChosen}
          />
        )}
        <TextArea label={says.body} name="body" hint={says.bodyHint} value={body} onInput={setBody} />
        {phase === 'resolved' ? <p class="muted small">{says.resolvedPhase}</p> : null}
        <div class="update-preview" role="group" aria-label={says.preview}>
          <p class="muted small">
            {toSentence(says.preview)}
            {toAudience(incident, page)}
          </p>
          {body.trim() === '' ? (
            <p class="muted">{says.previewEmpty}</p>
          ) : (
            <p class="update-text">
              <strong>{says.phases[phase]}</strong> {body}
            </p>
          )}
        </div>
        {incident.visibility === 'hidden' ? null : (
          <Checks
            label={says.subscribers}
            name={told}
            choices={[{ value: told, text: says.tellSubscribers }]}
            // A correction of a word is no news.
            chosen={corrected === undefined ? [told] : []}
          />
        )}
        <Complaint error={post.error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={post.isPending}>
            {says.post}
          </button>
          {corrected === undefined ? null : (
            <button type="button" class="quiet" onClick={onDone}>
              {words.cancel}
            </button>
          )}
        </div>
      </Form>
    </Section>
  )
}

function toAudience({ visibility }: IncidentInFull, page: Service | undefined): string {
  if (visibility === 'hidden') return says.hiddenText
  if (page === undefined) return ''
  return page.isPublic === 1 ? says.readers(page.name) : says.privatePage(page.name)
}
