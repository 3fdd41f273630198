import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { language } from './language.ts'
import { Complaint } from './parts.tsx'
import { gatehouse } from './session.ts'
import { useMe } from './use-me.ts'
import { targetWords as words } from './words/target-words.ts'

const { teams } = gatehouse.platform
const queryKey = ['target-acknowledgement']

/** Where the organisation has not yet said that what it monitors is its to have monitored: asks an owner, and holds up nobody. */
export function TargetConfirmation() {
  const queries = useQueryClient()
  const me = useMe()
  const query = useQuery({ queryKey, queryFn: ({ signal }) => teams.targetAcknowledgement({ signal }) })
  const confirm = useMutation({
    mutationFn: (version: number) => teams.acknowledgeTargets(version),
    onSuccess: (said) => queries.setQueryData(queryKey, said),
  })
  if (query.data === undefined || query.data.isCurrent) return null
  const { version, wording } = query.data
  return (
    <section class="notice" aria-label={words.title}>
      <strong>{words.title}</strong>
      <p lang={language}>{wording[language]}</p>
      {me.data?.role === 'owner' ? (
        <button type="button" disabled={confirm.isPending} onClick={() => confirm.mutate(version)}>
          {words.confirm}
        </button>
      ) : (
        <p class="muted">{words.ownerIsAsked}</p>
      )}
      <Complaint error={confirm.error} />
    </section>
  )
}
