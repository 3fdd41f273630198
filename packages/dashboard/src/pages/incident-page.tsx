import type { IncidentInFull, IncidentUpdate, Service } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useRoute } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { AssigneeChoice, toHolder, toPersonName, useMembers } from '../incidents/assignee.tsx'
import { Evidence } from '../incidents/evidence.tsx'
import { IncidentDeeds } from '../incidents/incident-deeds.tsx'
import { toName } from '../incidents/incident-filters.ts'
import { IncidentMark, toPlaceOnPage } from '../incidents/incident-mark.tsx'
import { IncidentTimeline } from '../incidents/incident-timeline.tsx'
import { PostUpdate } from '../incidents/post-update.tsx'
import { ToldChannels } from '../incidents/told-channels.tsx'
import { useLive } from '../live/use-live.ts'
import { ExactMoment } from '../moment.tsx'
import { Found, Heading } from '../parts.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { toPageAddress } from '../status-pages/page-address.ts'
import { toSpan } from '../to-ago.ts'
import { toCause } from '../to-reason.ts'
import { words } from '../words.ts'
import { incidentWords as says } from '../words/incident-words.ts'

const pollMs = 15_000

/** One incident; links in notifications lead here. */
export function IncidentPage() {
  const { id = '' } = useRoute().params
  const query = useQuery({
    queryKey: ['incidents', id],
    queryFn: ({ signal }) => gatehouse.uptime.incidents.get(id, { signal }),
    ...useLive(['incidents'], pollMs),
  })
  const pages = useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }) => gatehouse.uptime.services.list({ signal }),
  })
  return (
    <>
      <a class="small" href={at('/uptime/incidents')}>
        ← {says.back}
      </a>
      <Found query={query} title={words.nav.incidents}>
        {(incident) => (
          <Incident
            key={incident.id}
            incident={incident}
            page={pages.data?.find((page) => page.id === incident.serviceId)}
          />
        )}
      </Found>
    </>
  )
}

function Incident({
  incident,
  page,
}: {
  readonly incident: IncidentInFull
  readonly page: Service | undefined
}) {
  const person = usePerson()
  const mayWrite = person !== undefined && person.role !== 'viewer'
  const [corrected, setCorrected] = useState<IncidentUpdate>()
  const [posted, setPosted] = useState(0)
  const members = useMembers()
  const nameOf = (id: string | null): string | undefined => toPersonName(members, id)
  const cause = toCause(incident)
  // Updates of a resolved incident cannot be corrected; only a postmortem can be added.
  const correct = mayWrite && incident.status !== 'resolved' ? setCorrected : undefined
  return (
    <>
      <Heading
        title={toName(incident) ?? words.incidents.untitled}
        {...(cause === null ? {} : { text: cause })}
      >
        {mayWrite && members !== undefined && incident.status !== 'resolved' ? (
          <AssigneeChoice incident={incident} members={members} />
        ) : null}
        {mayWrite ? <IncidentDeeds incident={incident} /> : null}
      </Heading>
      <Facts incident={incident} page={page} hasIt={nameOf(toHolder(incident))} />
      <div class="incident-page">
        <div>
          {incident.evidence === null ? null : <Evidence evidence={incident.evidence} />}
          {mayWrite ? (
            <PostUpdate
              key={`${corrected?.id ?? 'new'} ${posted} ${incident.status}`}
              incident={incident}
              page={page}
              corrected={corrected}
              onDone={() => {
                setCorrected(undefined)
                setPosted(posted + 1)
              }}
            />
          ) : null}
          <ToldChannels deliveries={incident.deliveries} />
        </div>
        <IncidentTimeline incident={incident} nameOf={nameOf} onCorrect={correct} />
      </div>
    </>
  )
}

function Facts({
  incident,
  page,
  hasIt,
}: {
  readonly incident: IncidentInFull
  readonly page: Service | undefined
  readonly hasIt: string | undefined
}) {
  const { startedAt, resolvedAt, monitorId, monitorName, status, type, impact } = incident
  const endMs = resolvedAt === null ? Date.now() : Date.parse(resolvedAt)
  const isPublic = page?.isPublic === 1 && toPlaceOnPage(incident) === says.visible
  return (
    <div class="facts-line muted small">
      <IncidentMark status={status} />
      <span>
        {says.began} <ExactMoment at={startedAt} />
      </span>
      <span>
        {resolvedAt === null ? says.lasts : says.lasted} {toSpan(endMs - Date.parse(startedAt))}
      </span>
      {hasIt === undefined ? (
        status !== 'resolved' ? (
          <span>{says.nobody}</span>
        ) : null
      ) : (
        <span>{says.hasIt(hasIt)}</span>
      )}
      <span>{says.types[type]}</span>
      <span>
        {says.impact}: {says.impacts[impact]}
      </span>
      {monitorId === null ? null : (
        <span>
          {says.monitor}: <a href={at(`/uptime/monitors/${monitorId}`)}>{monitorName}</a>
        </span>
      )}
      <span>{toPlaceOnPage(incident)}</span>
      {isPublic && page !== undefined ? (
        <a href={`${toPageAddress(page)}#incident-${incident.id}`} target="_blank" rel="noreferrer">
          {says.open}
        </a>
      ) : null}
    </div>
  )
}
