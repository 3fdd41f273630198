import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { language } from './language.ts'
import { Complaint } from './parts.tsx'
import { gatehouse } from './session.ts'
import { useMe } from './use-me.ts'
import { targetWords as words } from './words/target-words.ts'

const { teams } = gatehouse.platform
const queryKey = ['target-acknowledgement']

/** Asks an owner to confirm that the organisation is entitled to monitor its targets; blocks nothing. */
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
