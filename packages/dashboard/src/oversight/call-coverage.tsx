import { useQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { toNumber } from '../number-format.ts'
import { Found } from '../parts.tsx'
import { Segments } from '../parts/choices.tsx'
import { toDate } from '../to-date.ts'
import { coverageWords as says } from '../words/coverage-words.ts'
import { MeasureRow } from './measure-row.tsx'
import { type Coverage, oversight } from './oversight-calls.ts'

const groups = ['day', 'source', 'provider', 'model'] as const
type Group = (typeof groups)[number]

/** Where AI calls went that no decision followed; asked for when somebody opens it. */
export function CallCoverage() {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{says.open}</summary>
      {isOpen ? <Calls /> : null}
    </details>
  )
}

function Calls() {
  const [group, setGroup] = useState<Group>('source')
  const query = useQuery({
    queryKey: ['oversight', 'coverage', group],
    queryFn: ({ signal }) => oversight.coverage({ group }, { signal }),
  })
  return (
    <div class="part">
      <p class="muted small">{says.text}</p>
      <div class="actions">
        <Segments
          label={says.group}
          value={group}
          options={groups.map((value) => ({ value, text: says.groups[value] }))}
          onChoose={setGroup}
        />
      </div>
      <Found query={query}>{(found) => <Groups found={found} group={group} />}</Found>
    </div>
  )
}

function Groups({ found, group }: { readonly found: Coverage; readonly group: Group }) {
  const { groups: parts, unmatched_ids: unmatched, scored_unobserved: unobserved } = found
  const nameOf = (name: string): string => {
    if (group === 'day') return toDate(name)
    return name === '' ? says.unnamed : name
  }
  return (
    <>
      <dl class="measures">
        <MeasureRow name={says.whole} metric={{ ...found, n: found.observed }} missing={says.none} />
        {parts.map((part) => (
          <MeasureRow
            key={part.group}
            name={nameOf(part.group)}
            metric={{ ...part, n: part.observed }}
            missing={says.none}
          />
        ))}
      </dl>
      {unobserved === 0 ? null : <p class="small">{says.unobserved(toNumber(unobserved))}</p>}
      {unmatched.length === 0 ? null : (
        <details class="small">
          <summary>{says.unmatched(toNumber(unmatched.length))}</summary>
          <ul>
            {unmatched.map((id) => (
              <li key={id}>
                <code>{id}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
