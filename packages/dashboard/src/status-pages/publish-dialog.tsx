import type { NewPageLayout, Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { DialogForm, Select } from '../controls.tsx'
import { Found } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'
import { toPageAddress } from './page-address.ts'
import { type PageDraft, toDescription, toServiceChange } from './page-draft.ts'
import { usePreview } from './page-preview.tsx'

/** The unsaved layout, and a function that discards it after saving. */
export type Arrangement = {
  readonly unsaved: NewPageLayout | undefined
  readonly onRows: (rows: undefined) => void
}

/** Before publishing, lists everything on the page that will be public, as reported by the server. */
export function PublishDialog({
  service,
  draft,
  arrangement: { unsaved, onRows },
  onClose,
}: {
  readonly service: Service
  readonly draft: PageDraft
  readonly arrangement: Arrangement
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const query = usePreview(service, draft, unsaved)
  const [access, setAccess] = useState<'public' | 'password'>(
    service.access === 'password' ? 'password' : 'public',
  )
  const publish = useMutation({
    mutationFn: async (password: string) => {
      // Saved first, so that nothing that is not in the list is public even for a moment.
      if (unsaved !== undefined)
        queries.setQueryData(
          ['page-layout', service.id],
          await gatehouse.uptime.services.setLayout(service.id, unsaved),
        )
      return gatehouse.uptime.services.update(service.id, {
        ...toServiceChange(draft),
        access,
        ...(access === 'password' && password !== '' ? { password } : {}),
      })
    },
    onSuccess: async () => {
      onRows(undefined)
      await queries.invalidateQueries({ queryKey: ['services'] })
      showToast(says.published(draft.name))
      onClose()
    },
  })
  return (
    <DialogForm
      title={says.publishTitle(draft.name)}
      text={says.publishTexts[access]}
      isWide
      submit={says.publishSubmit}
      isDisabled={publish.isPending || query.data === undefined}
      error={publish.error}
      onSubmit={(fields) => publish.mutate(access === 'password' ? toText(fields, 'password') : '')}
      onClose={onClose}
    >
      <Found query={query}>
        {({ sections, components, incidents, maintenance }) => (
          <dl class="becomes-public">
            <Line title={says.becomes.address} entries={[toPageAddress({ ...service, slug: draft.slug })]} />
            <Line title={says.becomes.name} entries={[draft.name, toDescription(draft) ?? '']} />
            {sections.length === 0 ? null : <Line title={says.becomes.sections} entries={sections} />}
            <Line title={says.becomes.components} entries={components} />
            <Line title={says.becomes.incidents} entries={incidents} />
            <Line title={says.becomes.maintenance} entries={maintenance} />
          </dl>
        )}
      </Found>
      <p class="muted small">{says.never}</p>
      <Select
        label={says.whoSees}
        name="access"
        value={access}
        choices={(['public', 'password'] as const).map((value) => ({ value, text: says.seenBy[value] }))}
        onChange={setAccess}
      />
      {access === 'password' ? (
        <Field
          label={says.password}
          name="password"
          type="password"
          autoComplete="new-password"
          hint={service.access === 'password' ? says.passwordKept : says.passwordHint}
          isOptional={service.access === 'password'}
        />
      ) : null}
    </DialogForm>
  )
}

function Line({ title, entries }: { readonly title: string; readonly entries: readonly string[] }) {
  const said = entries.filter((entry) => entry !== '')
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {said.length === 0 ? (
          <span class="muted">{says.becomes.none}</span>
        ) : (
          <ul>
            {said.map((entry, index) => (
              <li key={`${index} ${entry}`}>{entry}</li>
            ))}
          </ul>
        )}
      </dd>
    </div>
  )
}
