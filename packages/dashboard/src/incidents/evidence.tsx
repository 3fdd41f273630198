import type { Check, IncidentInFull } from '@gatehouse/sdk'
import { Section } from '../controls.tsx'
import { ExactMoment } from '../moment.tsx'
import { toCheckMessage } from '../to-reason.ts'
import { words } from '../words.ts'
import { incidentWords as says } from '../words/incident-words.ts'
import { spanWords } from '../words/span-words.ts'

const rows = [
  'outcome',
  'message',
  'statusCode',
  'responseTimeMs',
  'dnsMs',
  'connectMs',
  'tlsMs',
  'ttfbMs',
  'remoteAddress',
  'location',
] as const

/** The checks before and at the start of an incident, side by side. */
export function Evidence({ evidence }: { readonly evidence: NonNullable<IncidentInFull['evidence']> }) {
  const { lastGood, firstBad } = evidence
  if (lastGood === null && firstBad === null)
    return (
      <Section title={says.evidence}>
        <p class="muted">{says.evidenceNone}</p>
      </Section>
    )
  const shown = rows.filter((row) => toFact(lastGood, row) !== null || toFact(firstBad, row) !== null)
  return (
    <Section title={says.evidence} text={says.evidenceText}>
      <div class="scroll tall" tabIndex={0} role="group" aria-label={says.evidence}>
        <table class="evidence">
          <thead>
            <tr>
              <td />
              <th scope="col">{says.lastGood}</th>
              <th scope="col">{says.firstBad}</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{says.facts.at}</th>
              {[lastGood, firstBad].map((check, index) => (
                <td key={index}>{check === null ? words.none : <ExactMoment at={check.startedAt} />}</td>
              ))}
            </tr>
            {shown.map((row) => {
              const [good, bad] = [toFact(lastGood, row), toFact(firstBad, row)]
              return (
                <tr key={row}>
                  <th scope="row">{says.facts[row]}</th>
                  <td>{good ?? words.none}</td>
                  <td>
                    {bad ?? words.none}
                    {good === bad ? null : <span class="differs">{says.differs}</span>}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

function toFact(check: Check | null, row: (typeof rows)[number]): string | null {
  if (check === null) return null
  if (row === 'outcome') return says.outcomes[check.outcome]
  if (row === 'message') return toCheckMessage(check)
  const value = check[row]
  if (typeof value === 'number' && row.endsWith('Ms')) return spanWords.milliseconds(String(value))
  return value === null ? null : String(value)
}
