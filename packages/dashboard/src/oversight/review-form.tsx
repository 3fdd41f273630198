import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'preact/hooks'
import { Section } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { FieldErrors } from '../parts/field-errors.tsx'
import { Field } from '../parts/field.tsx'
import { usePerson } from '../session.ts'
import { reviewWords } from '../words/review-words.ts'
import { type Decision, decisions } from './oversight-calls.ts'

const says = reviewWords.decision
const whilePending = ['approve', 'reject', 'escalate'] as const
type Action = Parameters<typeof decisions.review>[1]['action']

/** The possible actions on a pending or blocked decision. */
export function ReviewForm({ decision }: { readonly decision: Decision }) {
  const { ai_decision_log_id: id, state, assignee } = decision
  const queries = useQueryClient()
  const person = usePerson()
  const form = useRef<HTMLFormElement>(null)
  const review = useMutation({
    mutationFn: (action: Action) => {
      const fields = new FormData(form.current ?? undefined)
      const typed = (name: string): string => {
        const value = fields.get(name)
        return typeof value === 'string' ? value.trim() : ''
      }
      const [note, reason] = [typed('note'), typed('reason_code')]
      return decisions.review(id, {
        action,
        ...(note === '' ? {} : { note }),
        ...(reason === '' ? {} : { reason_code: reason }),
        ...(action === 'assign' ? { assignee: typed('assignee') } : {}),
      })
    },
    onSuccess: (changed) => {
      queries.setQueryData(['decision', id], changed)
      return queries.invalidateQueries({ queryKey: ['decisions'] })
    },
  })
  const button = (action: Action, name = '') => (
    <button
      key={action}
      type="button"
      class={name}
      disabled={review.isPending}
      onClick={() => review.mutate(action)}
    >
      {says.actions[action]}
    </button>
  )
  const isMine = assignee !== null && assignee === person?.id
  return (
    <Section title={says.decide}>
      <form
        ref={form}
        class="add inline even"
        aria-label={says.decide}
        onSubmit={(event) => event.preventDefault()}
      >
        <FieldErrors error={review.error}>
          <Field label={says.note} name="note" hint={says.noteHint} isOptional />
          <Field label={says.reason} name="reason_code" hint={says.reasonHint} isOptional />
          {state === 'pending' ? <Field label={says.assignTo} name="assignee" isOptional /> : null}
          <Complaint error={review.error} />
          <div class="actions">
            {state === 'pending'
              ? [
                  ...whilePending.map((action) => button(action, action === 'approve' ? 'primary' : '')),
                  button(isMine ? 'release' : 'claim'),
                  button('assign'),
                ]
              : null}
            {person?.role === 'owner' ? button('override', 'danger') : null}
          </div>
        </FieldErrors>
      </form>
    </Section>
  )
}
