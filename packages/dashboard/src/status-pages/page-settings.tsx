import type { Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Checks, Form, Section, Select, toChecked } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'
import { listZones } from '../zone.ts'
import { isSameDraft, type PageDraft, toDraft, toServiceChange } from './page-draft.ts'

const languages = ['auto', 'en', 'ja'] as const

export function PageSettings({
  service,
  draft,
  onDraft,
}: {
  readonly service: Service
  readonly draft: PageDraft
  readonly onDraft: (change: Partial<PageDraft>) => void
}) {
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: () => gatehouse.uptime.services.update(service.id, toServiceChange(draft)),
    onSuccess: () => {
      showToast(says.saved)
      return queries.invalidateQueries({ queryKey: ['services'] })
    },
  })
  const isSaved = isSameDraft(draft, toDraft(service))
  return (
    <Section title={says.settings}>
      <Form label={says.settings} class="add" error={save.error} onSubmit={() => save.mutate()}>
        <Field label={says.name} name="name" value={service.name} onInput={(name) => onDraft({ name })} />
        <Field
          label={says.slug}
          name="slug"
          value={service.slug}
          hint={says.slugHint}
          onInput={(slug) => onDraft({ slug })}
        />
        <Field
          label={says.description}
          name="description"
          value={service.description ?? ''}
          hint={says.descriptionHint}
          isOptional
          onInput={(description) => onDraft({ description })}
        />
        <Select
          label={says.language}
          name="language"
          value={draft.language}
          choices={languages.map((value) => ({ value, text: says.languages[value] }))}
          onChange={(language) => onDraft({ language })}
        />
        <Select
          label={says.timeZone}
          name="timeZone"
          value={draft.timeZone}
          hint={says.timeZoneHint}
          choices={listZones(draft.timeZone).map((value) => ({ value, text: value }))}
          onChange={(timeZone) => onDraft({ timeZone })}
        />
        <div
          onChange={({ currentTarget }) => {
            const form = currentTarget.closest('form')
            if (form !== null)
              onDraft({ autoPublish: toChecked(new FormData(form), 'autoPublish').length > 0 })
          }}
        >
          <Checks
            label={says.autoPublish}
            name="autoPublish"
            choices={[{ value: 'yes', text: says.autoPublishText, hint: says.autoPublishHint }]}
            chosen={service.autoPublish === 1 ? ['yes'] : []}
          />
        </div>
        <Complaint error={save.error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={save.isPending || isSaved}>
            {says.save}
          </button>
          {isSaved ? null : (
            <span class="muted small" role="status">
              {says.unsaved}
            </span>
          )}
        </div>
      </Form>
    </Section>
  )
}
