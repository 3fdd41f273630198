import type { DisclosureCase, SecurityIncident } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'preact/hooks'
import { inInstance } from '../at.ts'
import { Section } from '../controls.tsx'
import { toNumber } from '../number-format.ts'
import { Found } from '../parts.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { gatehouse } from '../session.ts'
import { toSpan } from '../to-ago.ts'
import { postureWords as says } from '../words/posture-words.ts'

const { securityIncidents, disclosureCases } = gatehouse.platform.admin
const everyMs = 60_000
const tickMs = 15_000

/** Open incidents and reports with their deadlines. Read on request, because it needs a sudo proof. */
export function OpenClocks() {
  const [isWanted, setIsWanted] = useState(false)
  const query = useQuery({
    queryKey: ['posture-clocks'],
    enabled: isWanted,
    refetchInterval: everyMs,
    queryFn: async ({ signal }) => ({
      incidents: await allOpen(async (cursor) => {
        const { incidents, nextCursor } = await securityIncidents.list(cursor, { signal })
        return { found: incidents, nextCursor }
      }),
      cases: await allOpen(async (cursor) => {
        const { cases, nextCursor } = await disclosureCases.list(cursor, { signal })
        return { found: cases, nextCursor }
      }),
    }),
  })
  return (
    <Section title={says.clocks} text={says.clocksText}>
      {isWanted ? (
        <Found query={query}>
          {({ incidents, cases }) => (
            <div class="clocks">
              <Incidents incidents={incidents} />
              <Cases cases={cases} />
            </div>
          )}
        </Found>
      ) : (
        <div>
          <button type="button" onClick={() => setIsWanted(true)}>
            {says.showClocks}
          </button>
        </div>
      )}
    </Section>
  )
}

type Closable = { readonly closedAt: string | null }
type Cursor = { readonly cursor?: string }

/** All items that are not closed, from every page, because the oldest are on the last one. */
async function allOpen<T extends Closable>(
  read: (cursor: Cursor) => Promise<{ readonly found: readonly T[]; readonly nextCursor: string | null }>,
  cursor: Cursor = {},
): Promise<readonly T[]> {
  const { found, nextCursor } = await read(cursor)
  const open = found.filter(({ closedAt }) => closedAt === null)
  return nextCursor === null ? open : [...open, ...(await allOpen(read, { cursor: nextCursor }))]
}

function Incidents({ incidents }: { readonly incidents: readonly SecurityIncident[] }) {
  if (incidents.length === 0) return <p class="muted">{says.noIncidents}</p>
  return (
    <div>
      <h3>{says.incidents}</h3>
      <ul class="list" aria-label={says.incidents}>
        {incidents.map((incident) => (
          <li key={incident.id}>
            <StatusMark tone="down" text={says.severity[incident.severity]} />
            <div class="grow">
              <span class="name">{incident.title}</span>
              <div class="muted small">
                {incident.scope === 'unknown'
                  ? says.scopeUnknown
                  : says.affected(toNumber(incident.told), toNumber(incident.affected))}
                {incident.becauseClaim === null ? null : (
                  <>
                    {' · '}
                    <a href={inInstance(`/security/${encodeURIComponent(incident.becauseClaim)}`)}>
                      {incident.becauseClaim}
                    </a>
                  </>
                )}
              </div>
            </div>
            {incident.tellDueAt === null ? (
              <StatusMark tone="ok" text={incident.toldAt === null ? says.nobodyToTell : says.told} />
            ) : (
              <Clock what={says.tell} dueAt={incident.tellDueAt} />
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Cases({ cases }: { readonly cases: readonly DisclosureCase[] }) {
  if (cases.length === 0) return <p class="muted">{says.noCases}</p>
  return (
    <div>
      <h3>{says.cases}</h3>
      <ul class="list" aria-label={says.cases}>
        {cases.map((one) => (
          <li key={one.id}>
            <div class="grow">
              <span class="name">{one.reference}</span>
              <div class="muted small">
                {one.severity === null ? says.notJudged : says.severity[one.severity]}
              </div>
            </div>
            {one.acknowledgedAt === null ? (
              <Clock what={says.acknowledge} dueAt={one.acknowledgeDueAt} />
            ) : (
              <StatusMark tone="ok" text={says.acknowledged} />
            )}
            {one.fixedAt !== null ? (
              <StatusMark tone="ok" text={says.fixed} />
            ) : one.fixDueAt === null ? (
              <span class="muted small">{says.noFixClock}</span>
            ) : (
              <Clock what={says.fix} dueAt={one.fixDueAt} />
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Clock({ what, dueAt }: { readonly what: string; readonly dueAt: string }) {
  const [nowMs, setNowMs] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  const leftMs = Date.parse(dueAt) - nowMs
  const span = toSpan(Math.abs(leftMs))
  return leftMs < 0 ? (
    <StatusMark tone="down" text={says.late(what, span)} />
  ) : (
    <StatusMark tone="degraded" text={says.left(what, span)} />
  )
}
