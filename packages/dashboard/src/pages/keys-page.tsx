import type { NewApiKey } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ago, Complaint, Confirm, Copy, Empty, Field, Found, Heading } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'

const { apiKeys } = gatehouse.platform

export function KeysPage() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['keys'] })
  const query = useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => apiKeys.list({ signal }) })
  // The revealed key lives no longer than this page.
  const create = useMutation({
    mutationFn: (key: NewApiKey) => apiKeys.create(key),
    onSuccess: settle,
    gcTime: 0,
  })
  const revoke = useMutation({ mutationFn: (id: string) => apiKeys.revoke(id), onSuccess: settle })
  const submit = (form: HTMLFormElement): void => {
    const fields = new FormData(form)
    const scopes = toText(fields, 'access') === 'write' ? ['read', 'write'] : ['read']
    create.mutate(
      { name: toText(fields, 'name'), service: 'uptime', scopes },
      { onSuccess: () => form.reset() },
    )
  }
  return (
    <>
      <Heading title={words.keys.title} text={words.keys.text} />
      <form
        class="add inline"
        onSubmit={(event) => {
          event.preventDefault()
          submit(event.currentTarget)
        }}
      >
        <Field label={words.keys.name} name="name" placeholder={words.keys.namePlaceholder} />
        <label class="field">
          <span>{words.keys.access}</span>
          <select name="access">
            <option value="read">{words.keys.read}</option>
            <option value="write">{words.keys.write}</option>
          </select>
        </label>
        <button type="submit" class="primary" disabled={create.isPending}>
          {words.keys.create}
        </button>
      </form>
      {create.data === undefined ? null : (
        <div class="notice" role="status">
          <p>{words.keys.once}</p>
          <Copy text={create.data.key} />
        </div>
      )}
      <Complaint error={create.error ?? revoke.error} />
      <Found query={query}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty title={words.keys.empty} text={words.keys.emptyText} />
          ) : (
            <ul class="list" aria-label={words.keys.title}>
              {keys.map((key) => (
                <li key={key.id}>
                  <div class="grow">
                    <span class="name">{key.name}</span>
                    <div class="muted small">
                      <code>{key.keyPrefix}…</code>
                    </div>
                  </div>
                  <span class="muted small">
                    {words.keys.used} <Ago at={key.lastUsedAt} />
                  </span>
                  <Confirm
                    label={words.keys.revoke}
                    question={words.keys.confirmRevoke}
                    onConfirm={() => revoke.mutate(key.id)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Found>
    </>
  )
}
