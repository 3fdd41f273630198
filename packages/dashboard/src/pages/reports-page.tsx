import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Form, Older } from '../controls.tsx'
import { language } from '../language.ts'
import { ExactMoment } from '../moment.tsx'
import { Article14 } from '../oversight/article-14.tsx'
import { oversight, type Report } from '../oversight/oversight-calls.ts'
import { toLastQuarter } from '../oversight/to-last-quarter.ts'
import { Complaint, Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Field } from '../parts/field.tsx'
import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { saveFile } from '../save-file.ts'
import { toDate } from '../to-date.ts'
import { toText } from '../to-text.ts'
import { words } from '../words.ts'
import { reviewWords } from '../words/review-words.ts'

const says = reviewWords.reports
const forms = ['json', 'html', 'pdf'] as const
const pageSize = 20

const tones: Readonly<Record<Report['assessment'], Tone>> = {
  non_compliant: 'down',
  at_risk: 'degraded',
  insufficient_data: 'unknown',
  compliant: 'ok',
}

export function ReportsPage() {
  const query = useInfiniteQuery({
    queryKey: ['reports'],
    queryFn: ({ pageParam, signal }) =>
      oversight.compliance.list(
        { limit: pageSize, ...(pageParam === null ? {} : { cursor: pageParam }) },
        { signal },
      ),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor: next }) => next,
  })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <MakeReport />
      <Found query={query}>
        {({ pages }) => {
          const reports = pages.flatMap((page) => page.reports)
          return reports.length === 0 ? (
            <EmptyState title={says.empty} text={says.emptyText} />
          ) : (
            <Reports reports={reports} />
          )
        }}
      </Found>
      <Older query={query} text={reviewWords.more} />
      <Article14 />
      <p class="muted small">{says.sentence}</p>
    </>
  )
}

function MakeReport() {
  const queries = useQueryClient()
  const [start, end] = toLastQuarter(Date.now())
  const make = useMutation({
    mutationFn: (fields: FormData) =>
      oversight.compliance.report({
        period_start: toText(fields, 'period_start'),
        period_end: toText(fields, 'period_end'),
        ...(fields.get('revision') === null ? {} : { revision: 'new' as const }),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['reports'] }),
  })
  return (
    <Form label={says.make} class="add inline even" onSubmit={(fields) => make.mutate(fields)}>
      <Field label={says.from} name="period_start" type="date" value={start} />
      <Field label={says.to} name="period_end" type="date" value={end} />
      <label class="tickable">
        <input type="checkbox" name="revision" value="new" />
        {says.anew}
      </label>
      <div class="actions">
        <button type="submit" class="primary" disabled={make.isPending}>
          {says.make}
        </button>
        {make.isSuccess ? (
          <span class="muted small" role="status">
            {says.made}
          </span>
        ) : null}
      </div>
      <Complaint error={make.error} />
    </Form>
  )
}

function Reports({ reports }: { readonly reports: readonly Report[] }) {
  return (
    <div class="scroll tall" tabIndex={0} role="group" aria-label={says.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{says.period}</th>
            <th scope="col">{says.assessment}</th>
            <th scope="col" class="number optional">
              {says.revision}
            </th>
            <th scope="col" class="optional">
              {reviewWords.decisions.made}
            </th>
            <th scope="col" class="optional">
              {says.kept}
            </th>
            <th scope="col">{words.monitors.actions}</th>
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => (
            <tr key={report.report_id}>
              <th scope="row">
                {report.period.start} – {report.period.end}
                {report.period.closed ? null : <span class="muted small block">{says.running}</span>}
              </th>
              <td>
                <StatusMark tone={tones[report.assessment]} text={says.assessments[report.assessment]} />
              </td>
              <td class="number optional">{report.revision}</td>
              <td class="optional">
                <ExactMoment at={report.created_at} />
              </td>
              <td class="optional">
                {report.kept_until === null ? says.forLife : says.until(toDate(report.kept_until))}
              </td>
              <td>
                <Downloads reportId={report.report_id} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Downloads({ reportId }: { readonly reportId: string }) {
  const take = useMutation({
    mutationFn: async (form: (typeof forms)[number]) =>
      saveFile(
        await oversight.compliance.stored(reportId, form, form === 'json' ? {} : { lang: language }),
        `${reportId}.${form}`,
      ),
  })
  return (
    <div class="actions">
      {forms.map((form) => (
        <button
          key={form}
          type="button"
          disabled={take.isPending}
          aria-label={says.download(form.toUpperCase())}
          onClick={() => take.mutate(form)}
        >
          {form.toUpperCase()}
        </button>
      ))}
      <Complaint error={take.error} />
    </div>
  )
}
