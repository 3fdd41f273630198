import type { Incident } from '@gatehouse/sdk'
import { at } from '../at.ts'
import { Section } from '../controls.tsx'
import { toMidnight } from '../local-time.ts'
import { Moment } from '../moment.tsx'
import { toNumber } from '../number-format.ts'
import { FirstRun } from '../overview/first-run.tsx'
import { toName } from '../overview/to-troubles.ts'
import { type Seen, useTroubles } from '../overview/use-troubles.ts'
import { Heading } from '../parts.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { usePerson } from '../session.ts'
import { overviewWords as says } from '../words/overview-words.ts'

export function OverviewPage() {
  const seen = useTroubles()
  const person = usePerson()
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Wrong seen={seen} />
      {person === undefined || person.role === 'viewer' ? null : <FirstRun person={person} />}
      {seen.incidents === undefined ? null : <Today incidents={seen.incidents} />}
    </>
  )
}

function Wrong({ seen: { troubles, unread, unknown, isPending } }: { readonly seen: Seen }) {
  return (
    <>
      <section class="posture-standing" aria-label={says.wrongNow}>
        <p class="posture-hero" role="status">
          {troubles.length > 0 ? (
            <>
              <StatusMark tone="down" />
              {says.wrong(toNumber(troubles.length))}
            </>
          ) : isPending ? (
            says.reading
          ) : unread.length > 0 ? (
            <>
              <StatusMark tone="unknown" />
              {says.notSeen}
            </>
          ) : unknown.length > 0 ? (
            <>
              <StatusMark tone="unknown" />
              {says.notKnown}
            </>
          ) : (
            <>
              <StatusMark tone="ok" />
              {says.well}
            </>
          )}
        </p>
      </section>
      {troubles.length + unread.length + unknown.length === 0 ? null : (
        <ul class="list" aria-label={says.wrongNow}>
          {troubles.map(({ id, tone, word, text, detail, since, path }) => (
            <li key={id}>
              <StatusMark tone={tone} text={word} />
              <div class="grow">
                <a class="name" href={at(path)}>
                  {text}
                </a>
                {detail === undefined ? null : <div class="muted small">{detail}</div>}
              </div>
              {since === undefined ? null : (
                <span class="muted small">
                  <Moment at={since} />
                </span>
              )}
            </li>
          ))}
          {unknown.map((text) => (
            <li key={text}>
              <StatusMark tone="unknown" text={says.words.unread} />
              <a class="grow name" href={at('/posture')}>
                {text}
              </a>
            </li>
          ))}
          {unread.map((name) => (
            <li key={name}>
              <StatusMark tone="unknown" text={says.words.unread} />
              <span class="grow name">{says.unread(name)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Today({ incidents }: { readonly incidents: readonly Incident[] }) {
  const midnightMs = toMidnight(Date.now())
  const changes = incidents
    .flatMap((incident) => [
      {
        id: `began-${incident.id}`,
        at: incident.startedAt,
        tone: 'down',
        mark: says.began,
        text: toName(incident),
        of: incident.id,
      } as const,
      ...(incident.resolvedAt === null
        ? []
        : [
            {
              id: `ended-${incident.id}`,
              at: incident.resolvedAt,
              tone: 'ok',
              mark: says.ended,
              text: toName(incident),
              of: incident.id,
            } as const,
          ]),
    ])
    .filter((change) => Date.parse(change.at) >= midnightMs)
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
  return (
    <Section title={says.today}>
      {changes.length === 0 ? (
        <p class="muted">{says.quiet}</p>
      ) : (
        <ul class="list" aria-label={says.today}>
          {changes.map((change) => (
            <li key={change.id}>
              <StatusMark tone={change.tone} text={change.mark} />
              <a class="grow name" href={at(`/uptime/incidents/${change.of}`)}>
                {change.text}
              </a>
              <span class="muted small">
                <Moment at={change.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
