import type { AuditLog } from '@gatehouse/sdk'
import { Fragment } from 'preact'
import { useState } from 'preact/hooks'
import { Facts } from '../facts.tsx'
import { toFull } from '../to-exact.ts'
import { Ago } from '../parts.tsx'
import { words } from '../words.ts'
import { auditWords as says } from '../words/audit-words.ts'
import type { Actors } from './audit-filters.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { tellRefusal } from './tell-refusal.ts'
import { isKnownAction, tellAction, tellResource } from './tell-action.ts'

export function AuditTable({
  logs,
  actors,
}: {
  readonly logs: readonly AuditLog[]
  readonly actors: Actors
}) {
  const [open, setOpen] = useState<string>()
  return (
    <div class="scroll tall" tabIndex={0} role="region" aria-label={says.title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{says.action}</th>
            <th scope="col" class="optional">
              {says.actor}
            </th>
            <th scope="col" class="optional">
              {says.resource}
            </th>
            <th scope="col">{says.outcome}</th>
            <th scope="col" class="optional">
              {says.address}
            </th>
            <th scope="col" class="optional">
              {says.time}
            </th>
          </tr>
        </thead>
        <tbody>
          {logs.map((log) => (
            <Fragment key={log.id}>
              <tr>
                <td>
                  <button
                    type="button"
                    class={isKnownAction(log.eventType) ? 'link' : 'link mono'}
                    aria-expanded={open === log.id}
                    onClick={() => setOpen(open === log.id ? undefined : log.id)}
                  >
                    {tellAction(log.eventType)}
                  </button>
                  <span class="on-phone muted small">
                    {toActor(log, actors)} · <Ago at={log.createdAt} />
                  </span>
                </td>
                <td class="optional">{toActor(log, actors)}</td>
                <td class="cut optional" title={log.resourceId ?? ''}>
                  {log.resourceType === null ? words.none : tellResource(log.resourceType)}
                </td>
                <td>
                  <Outcome log={log} />
                </td>
                <td class="optional">{log.ipAddress ?? words.none}</td>
                <td class="optional">
                  <Ago at={log.createdAt} />
                </td>
              </tr>
              {open === log.id ? (
                <tr class="detail">
                  <td colSpan={6}>
                    <Details log={log} />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Outcome({ log: { outcome } }: { readonly log: AuditLog }) {
  if (outcome === null) return <span class="muted">{says.pruned}</span>
  return <StatusMark tone={outcome === 'done' ? 'ok' : 'down'} text={says[outcome]} />
}

function Details({ log }: { readonly log: AuditLog }) {
  const facts: readonly (readonly [string, string | null])[] = [
    [says.entry(log.seq), log.eventType],
    [says.time, toFull(log.createdAt)],
    [says.resourceId, log.resourceId],
    [says.actor, log.actorId],
    [says.hash, log.entryHash],
    [says.details, log.details === null ? null : JSON.stringify(log.details, undefined, 2)],
  ]
  return (
    <Facts
      facts={[
        ...(log.reason === null ? [] : [[says.reason, tellRefusal(log.reason) ?? log.reason] as const]),
        ...facts.flatMap(([name, value]) => (value === null ? [] : [[name, <code>{value}</code>] as const])),
      ]}
    />
  )
}

function toActor({ actorId, actorKind }: AuditLog, actors: Actors): string {
  if (actorId === null) return words.none
  const name = actors.get(actorId)
  if (name !== undefined) return name
  if (actorKind === 'system') return says.system
  return actorKind === 'member' ? says.formerMember : `${actorId.slice(0, 12)}…`
}
