import type { Check } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useLive } from '../live/use-live.ts'
import { Ago, Badge, Found } from '../parts.tsx'
import { WhenSeen } from '../parts/when-seen.tsx'
import { gatehouse } from '../session.ts'
import { toCheckMessage } from '../to-reason.ts'
import { words } from '../words.ts'
import { spanWords } from '../words/span-words.ts'

const checksShown = 50
const pollMs = 20_000

/** The latest check results of a monitor, newest first. */
export function CheckList({ monitorId }: { readonly monitorId: string }) {
  return (
    <section>
      <h2>{words.monitor.checks}</h2>
      <WhenSeen>
        <Checks monitorId={monitorId} />
      </WhenSeen>
    </section>
  )
}

function Checks({ monitorId }: { readonly monitorId: string }) {
  const query = useQuery({
    ...useLive([{ topic: 'monitors', id: monitorId }, 'checks'], pollMs),
    queryKey: ['monitors', monitorId, 'checks'],
    queryFn: ({ signal }) => gatehouse.uptime.monitors.checks(monitorId, { limit: checksShown }, { signal }),
  })
  return (
    <Found query={query}>
      {({ checks }) =>
        checks.length === 0 ? <p class="muted">{words.monitor.noChecks}</p> : <CheckTable checks={checks} />
      }
    </Found>
  )
}

function CheckTable({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={words.monitor.checks}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.monitor.when}</th>
            <th scope="col">{words.monitor.outcome}</th>
            <th scope="col" class="figure">
              {words.monitor.took}
            </th>
            <th scope="col">{words.monitor.detail}</th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <tr key={`${check.startedAt} ${check.location}`}>
              <td>
                <Ago at={check.startedAt} />
              </td>
              <td>
                <Badge status={check.outcome} />
              </td>
              <td class="figure">
                {check.responseTimeMs === null
                  ? words.none
                  : spanWords.milliseconds(String(check.responseTimeMs))}
              </td>
              <td class="muted">{toCheckMessage(check) ?? check.statusCode ?? words.none}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
