import { useQuery } from '@tanstack/react-query'
import { Heading, Found } from '../parts.tsx'
import { decisions, oversight } from '../oversight/oversight-calls.ts'
import { Exercises } from '../oversight/exercises.tsx'
import { FigureSettings } from '../oversight/figure-settings.tsx'
import { RoutingPolicy } from '../oversight/routing-policy.tsx'
import { oversightRulesWords as says } from '../words/oversight-rules-words.ts'

/** The rules for which decisions need a review, and what is counted. */
export function OversightRulesPage() {
  const policy = useQuery({
    queryKey: ['oversight-policy'],
    queryFn: ({ signal }) => decisions.policy({ signal }),
  })
  const settings = useQuery({
    queryKey: ['oversight-settings'],
    queryFn: ({ signal }) => oversight.settings.get({ signal }),
  })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Found query={policy}>{(found) => <RoutingPolicy key={found.version} policy={found} />}</Found>
      <Found query={settings}>{(found) => <FigureSettings key={found.version} settings={found} />}</Found>
      <Exercises />
    </>
  )
}
