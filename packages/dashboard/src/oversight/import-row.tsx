import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'preact/hooks'
import { Dialog } from '../controls.tsx'
import { Moment } from '../moment.tsx'
import { toNumber } from '../number-format.ts'
import { Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { saveFile } from '../save-file.ts'
import { toSpan } from '../to-ago.ts'
import { frameWords } from '../words/frame-words.ts'
import { reviewWords } from '../words/review-words.ts'
import { type ImportJob, oversight } from './oversight-calls.ts'
import { sendLines } from './send-lines.ts'
import { takePauses } from './take-pauses.ts'

const says = reviewWords.imports
const rejectsShown = 200

const tones: Readonly<Record<ImportJob['state'], Tone>> = {
  open: 'confirming',
  finished: 'ok',
  cancelled: 'paused',
}

/** The progress of an import, and its actions. */
export function ImportRow({ job }: { readonly job: ImportJob }) {
  const { expected_lines: expected, lines_committed: done } = job
  return (
    <li class="import">
      <StatusMark tone={tones[job.state]} text={says.states[job.state]} />
      <div class="grow">
        <strong class="name">{job.name}</strong>
        <p class="muted small">
          {[
            expected === null
              ? says.linesDone(toNumber(done))
              : says.lines(toNumber(done), toNumber(expected)),
            `${says.counted} ${toNumber(job.counted)}`,
            `${says.duplicates} ${toNumber(job.duplicates)}`,
            `${says.rejected} ${toNumber(job.rejected)}`,
            ...(job.out_of_order === 0 ? [] : [`${says.late} ${toNumber(job.out_of_order)}`]),
            ...(job.dry_run ? [says.tried] : []),
            ...(job.state === 'open' && job.eta_s !== null ? [says.left(toSpan(job.eta_s * 1_000))] : []),
          ].join(' · ')}
        </p>
        {expected === null || job.state !== 'open' ? null : (
          <progress max={expected} value={done} aria-label={job.name} />
        )}
      </div>
      <span class="muted small">
        <Moment at={job.created_at} />
      </span>
      {job.rejected === 0 ? null : <Rejects job={job} />}
      {job.state === 'open' ? <WhileOpen job={job} /> : null}
    </li>
  )
}

function WhileOpen({ job: { import_id: id, lines_committed: done, name } }: { readonly job: ImportJob }) {
  const queries = useQueryClient()
  const field = useId()
  const show = () => queries.invalidateQueries({ queryKey: ['imports'] })
  const resume = useMutation({
    mutationFn: (file: File) =>
      sendLines({
        file,
        fromLine: done + 1,
        put: (from, lines) => takePauses(() => oversight.imports.putLines(id, from, lines)),
      }),
    onSettled: show,
  })
  const finish = useMutation({ mutationFn: () => oversight.imports.finish(id), onSettled: show })
  const cancel = useMutation({ mutationFn: () => oversight.imports.cancel(id), onSettled: show })
  return (
    <div class="actions">
      <label class="button" for={field}>
        {resume.isPending ? says.sending : says.resume}
      </label>
      <input
        id={field}
        class="unseen"
        type="file"
        disabled={resume.isPending}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          if (file !== undefined) resume.mutate(file)
        }}
      />
      <button type="button" disabled={resume.isPending || finish.isPending} onClick={() => finish.mutate()}>
        {says.finish}
      </button>
      <Confirm
        label={says.cancel}
        thing={name}
        question={says.cancelQuestion}
        onConfirm={() => cancel.mutate()}
      />
      <Complaint error={resume.error ?? finish.error ?? cancel.error} />
    </div>
  )
}

type Reject = { readonly line: number; readonly field: string | null; readonly message: string }

function Rejects({ job: { import_id: id, name } }: { readonly job: ImportJob }) {
  const [isOpen, setIsOpen] = useState(false)
  const query = useQuery({
    queryKey: ['import-rejects', id],
    queryFn: ({ signal }) => oversight.imports.rejects(id, { signal }).then((file) => file.text()),
    enabled: isOpen,
  })
  return (
    <>
      <button type="button" onClick={() => setIsOpen(true)}>
        {says.rejects}
      </button>
      {isOpen ? (
        <Dialog title={says.rejectsTitle} text={name} isWide onClose={() => setIsOpen(false)}>
          <Found query={query}>
            {(text) => (
              <>
                <ul class="list">
                  {parseRejects(text)
                    .slice(0, rejectsShown)
                    .map(({ line, field, message }) => (
                      <li key={`${line}/${field}`}>
                        <strong>{says.line(toNumber(line))}</strong>
                        <span class="grow">
                          {field === null ? null : <code>{field}</code>} {message}
                        </span>
                      </li>
                    ))}
                </ul>
                <button type="button" onClick={() => saveFile(new Blob([text]), `${id}-rejects.ndjson`)}>
                  {says.downloadRejects}
                </button>
              </>
            )}
          </Found>
          <div class="actions">
            <button type="button" onClick={() => setIsOpen(false)}>
              {frameWords.close}
            </button>
          </div>
        </Dialog>
      ) : null}
    </>
  )
}

function parseRejects(text: string): readonly Reject[] {
  return (
    text
      .split('\n')
      .filter((line) => line !== '')
      // Safe: the server writes each line in this form.
      .map((line) => JSON.parse(line) as Reject)
  )
}
