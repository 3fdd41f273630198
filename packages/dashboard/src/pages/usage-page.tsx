import type { Usage } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { Section } from '../controls.tsx'
import { Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { gatehouse } from '../session.ts'
import { type RouteRow, toDayRows, toRouteRows, toTotals } from '../usage/to-route-rows.ts'
import { UsageChart } from '../usage/usage-chart.tsx'
import { words } from '../words.ts'
import { usageWords as says } from '../words/usage-words.ts'

const dayMs = 86_400_000
const spans = { week: 7, month: 30, quarter: 90 } as const
type Span = keyof typeof spans
// Safe: these are the keys of the object above.
const spanNames = Object.keys(spans) as Span[]

export function UsagePage() {
  const [span, setSpan] = useState<Span>('month')
  const query = useQuery({
    queryKey: ['usage', span],
    queryFn: ({ signal }) => gatehouse.platform.usage.read(toDays(span, Date.now()), { signal }),
  })
  return (
    <>
      <Heading title={says.title} text={says.text}>
        <div class="segments" role="group" aria-label={says.span}>
          {spanNames.map((name) => (
            <button key={name} type="button" aria-pressed={name === span} onClick={() => setSpan(name)}>
              {says.spans[name]}
            </button>
          ))}
        </div>
      </Heading>
      <Found query={query}>{(usage) => (usage.calls === 0 ? <Nothing /> : <Counted usage={usage} />)}</Found>
    </>
  )
}

function Nothing() {
  return (
    <EmptyState title={says.empty} text={says.emptyText}>
      <a class="button" href={at('/keys')}>
        {says.toKeys}
      </a>
    </EmptyState>
  )
}

function Counted({ usage }: { readonly usage: Usage }) {
  const rows = toRouteRows(usage.routes)
  const totals = toTotals(rows)
  return (
    <>
      <dl class="figures">
        <Figure name={says.calls} value={usage.calls.toLocaleString('en')} />
        <Figure
          name={says.succeeded}
          value={toShare(usage.calls - totals['4xx'] - totals['5xx'], usage.calls)}
        />
        <Figure name={says.refused} value={totals['4xx'].toLocaleString('en')} />
        <Figure name={says.failed} value={totals['5xx'].toLocaleString('en')} />
      </dl>
      <Section title={says.perDay}>
        <UsageChart rows={toDayRows(usage)} />
      </Section>
      <Section title={says.routes}>
        <Routes rows={rows} calls={usage.calls} />
      </Section>
    </>
  )
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Routes({ rows, calls }: { readonly rows: readonly RouteRow[]; readonly calls: number }) {
  return (
    <div class="scroll tall by-route" tabIndex={0} role="group" aria-label={says.routes}>
      <table>
        <thead>
          <tr>
            <th scope="col">{says.route}</th>
            <th scope="col" class="figure">
              2xx
            </th>
            <th scope="col" class="figure optional">
              3xx
            </th>
            <th scope="col" class="figure">
              4xx
            </th>
            <th scope="col" class="figure">
              5xx
            </th>
            <th scope="col" class="figure">
              {says.total}
            </th>
            <th scope="col" class="figure optional">
              {says.share}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ method, route, calls: own, byClass }) => (
            <tr key={`${method} ${route}`}>
              <td>
                <code>
                  <span class="muted">{method}</span> {route}
                </code>
              </td>
              {(['2xx', '3xx', '4xx', '5xx'] as const).map((name) => (
                <td key={name} class={name === '3xx' ? 'figure optional' : 'figure'}>
                  {byClass[name] === 0 ? (
                    <span class="muted">{words.none}</span>
                  ) : (
                    byClass[name].toLocaleString('en')
                  )}
                </td>
              ))}
              <td class="figure">{own.toLocaleString('en')}</td>
              <td class="figure optional">{toShare(own, calls)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function toShare(part: number, whole: number): string {
  return (part / whole).toLocaleString('en', { style: 'percent', maximumFractionDigits: 1 })
}

/** The last days in UTC, including today. */
function toDays(span: Span, nowMs: number): { readonly from: string; readonly to: string } {
  const toDay = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)
  return { from: toDay(nowMs - (spans[span] - 1) * dayMs), to: toDay(nowMs) }
}
