import { Ago } from '../parts.tsx'
import { words } from '../words.ts'
import { alertWords as says } from '../words/alert-words.ts'
import { toAnswer } from './to-answer.ts'

type Attempt = {
  readonly at: string
  readonly answer: string
  readonly durationMs: number
  readonly nextAttemptAt?: string | null
}

/** All delivery attempts of one message, oldest first. */
export function AttemptTable({ attempts }: { readonly attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return <p class="muted">{says.noAttempt}</p>
  const hasNext = attempts.some(({ nextAttemptAt }) => nextAttemptAt !== undefined)
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={says.attempts}>
      <table>
        <thead>
          <tr>
            <th scope="col">{says.when}</th>
            <th scope="col">{says.answer}</th>
            <th scope="col" class="figure">
              {says.took}
            </th>
            {hasNext ? <th scope="col">{says.next}</th> : null}
          </tr>
        </thead>
        <tbody>
          {attempts.map(({ at, answer, durationMs, nextAttemptAt = null }) => (
            <tr key={at}>
              <td>
                <Ago at={at} />
              </td>
              <td>{toAnswer(answer)}</td>
              <td class="figure">{durationMs} ms</td>
              {hasNext ? <td>{nextAttemptAt === null ? words.none : <Ago at={nextAttemptAt} />}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
