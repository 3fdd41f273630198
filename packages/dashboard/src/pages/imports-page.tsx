import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, Older, Select } from '../controls.tsx'
import { ImportRow } from '../oversight/import-row.tsx'
import { oversight } from '../oversight/oversight-calls.ts'
import { sendLines } from '../oversight/send-lines.ts'
import { takePauses } from '../oversight/take-pauses.ts'
import { Complaint, Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Field, FieldFrame } from '../parts/field.tsx'
import { toText } from '../to-text.ts'
import { reviewWords } from '../words/review-words.ts'

const says = reviewWords.imports
const pageSize = 20
const whileOpenMs = 5_000

export function ImportsPage() {
  const query = useInfiniteQuery({
    queryKey: ['imports'],
    queryFn: ({ pageParam, signal }) =>
      oversight.imports.list(
        { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
    refetchInterval: whileOpenMs,
  })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <NewImport />
      <Found query={query}>
        {({ pages }) => {
          const imports = pages.flatMap((page) => page.imports)
          return imports.length === 0 ? (
            <EmptyState title={says.empty} text={says.emptyText} />
          ) : (
            <ul class="list" aria-label={says.title}>
              {imports.map((job) => (
                <ImportRow key={job.import_id} job={job} />
              ))}
            </ul>
          )
        }}
      </Found>
      <Older query={query} text={reviewWords.more} />
    </>
  )
}

function NewImport() {
  const queries = useQueryClient()
  const show = () => queries.invalidateQueries({ queryKey: ['imports'] })
  const make = useMutation({
    mutationFn: async (fields: FormData) => {
      const file = fields.get('file')
      if (!(file instanceof File)) return
      const { import: job } = await oversight.imports.create({
        name: toText(fields, 'name').trim() || file.name,
        on_error: toText(fields, 'on_error') === 'stop' ? 'stop' : 'skip',
        dry_run: fields.get('dry_run') !== null,
      })
      await show()
      await sendLines({
        file,
        fromLine: 1,
        put: (from, lines) => takePauses(() => oversight.imports.putLines(job.import_id, from, lines)),
      })
      await takePauses(() => oversight.imports.finish(job.import_id))
    },
    onSettled: show,
  })
  return (
    <Form
      label={says.make}
      class="add inline even"
      onSubmit={(fields, form) => make.mutate(fields, { onSuccess: () => form.reset() })}
    >
      <FieldFrame label={says.file} name="file" hint={says.fileHint}>
        {(attributes) => <input {...attributes} type="file" accept=".ndjson,.jsonl,.txt,.json" />}
      </FieldFrame>
      <Field label={says.name} name="name" isOptional />
      <Select
        label={says.onError}
        name="on_error"
        first="skip"
        choices={(['skip', 'stop'] as const).map((value) => ({ value, text: says.onErrors[value] }))}
      />
      <label class="tickable">
        <input type="checkbox" name="dry_run" />
        {says.dryRun}
      </label>
      <div class="actions">
        <button type="submit" class="primary" disabled={make.isPending}>
          {make.isPending ? says.sending : says.start}
        </button>
      </div>
      <Complaint error={make.error} />
    </Form>
  )
}
