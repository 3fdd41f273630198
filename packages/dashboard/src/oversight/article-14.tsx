import { useQuery } from '@tanstack/react-query'
import { Section } from '../controls.tsx'
import { Found } from '../parts.tsx'
import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { article14Words as says } from '../words/article-14-words.ts'
import { oversight } from './oversight-calls.ts'

type Clauses = Awaited<ReturnType<typeof oversight.compliance.article14>>['article_14_mapping']

const tones: Readonly<Record<Clauses[keyof Clauses], Tone>> = {
  evidence_met: 'ok',
  evidence_partial: 'degraded',
  evidence_missing: 'down',
  insufficient_data: 'unknown',
}
const clauses = ['14(4)(a)', '14(4)(b)', '14(4)(c)', '14(4)(d)', '14(4)(e)'] as const

/** How much evidence there is for each clause of Article 14(4), over the last 90 days. */
export function Article14() {
  const query = useQuery({
    queryKey: ['article-14'],
    queryFn: ({ signal }) => oversight.compliance.article14({ signal }),
  })
  return (
    <Section title={says.title} text={says.text}>
      <Found query={query}>
        {({ article_14_mapping: mapping }) => (
          <ul class="list" aria-label={says.title}>
            {clauses.map((clause) => (
              <li key={clause}>
                <div class="grow">
                  {says.clauses[clause]} <span class="muted small">{says.cites[clause]}</span>
                </div>
                <StatusMark tone={tones[mapping[clause]]} text={says.statuses[mapping[clause]]} />
              </li>
            ))}
          </ul>
        )}
      </Found>
    </Section>
  )
}
