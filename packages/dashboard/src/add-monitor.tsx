import type { NewMonitor } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { parseTarget } from './parse-target.ts'
import { Complaint } from './parts.tsx'
import { gatehouse } from './session.ts'
import { toText } from './to-text.ts'
import { useOnce } from './use-once.ts'
import { words } from './words.ts'

const { monitors } = gatehouse.uptime

/** Creates a monitor from an address; `onJob` opens the panel for one that is pinged by a job. */
export function AddMonitor({ onJob }: { readonly onJob: () => void }) {
  const queries = useQueryClient()
  const [error, setError] = useState('')
  const create = useOnce((monitor: NewMonitor, idempotencyKey) =>
    monitors.create(monitor, { idempotencyKey }),
  )
  const add = useMutation({
    mutationFn: create,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['monitors'] }),
  })
  const submit = (form: HTMLFormElement): void => {
    const monitor = parseTarget(toText(new FormData(form), 'target'))
    setError(monitor === undefined ? words.monitors.notAnAddress : '')
    if (monitor !== undefined) add.mutate(monitor, { onSuccess: () => form.reset() })
  }
  return (
    <form
      class="add"
      onSubmit={(event) => {
        event.preventDefault()
        submit(event.currentTarget)
      }}
    >
      <div class="row">
        <input
          name="target"
          aria-label={words.monitors.addLabel}
          placeholder={words.monitors.addPlaceholder}
          required
        />
        <button type="submit" class="primary" disabled={add.isPending}>
          {words.monitors.add}
        </button>
      </div>
      <button type="button" class="link" onClick={onJob}>
        {words.monitors.addHeartbeat}
      </button>
      {error === '' ? (
        <Complaint error={add.error} />
      ) : (
        <p class="complaint" role="alert">
          {error}
        </p>
      )}
    </form>
  )
}
