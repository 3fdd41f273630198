import { GatehouseProblem } from '@gatehouse/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { at } from '../at.ts'
import { Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { usePerson } from '../session.ts'
import { toDate } from '../to-date.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { personRightsWords } from '../words/person-rights-words.ts'
import { oversight } from './oversight-calls.ts'
import { ReviewerRights } from './person-rights.tsx'

const says = personRightsWords.erased

/** The page of an operator of whom nothing is recorded: erased, or never there. */
export function NoOperator({ operatorId }: { readonly operatorId: string }) {
  const isOwner = usePerson()?.role === 'owner'
  const query = useQuery({
    queryKey: ['erasure', operatorId],
    queryFn: ({ signal }) => findErasure(operatorId, signal),
  })
  return (
    <Found query={query} title={operatorId}>
      {(erasedAt) =>
        erasedAt === null ? (
          <>
            <EmptyState isPage title={oversightWords.person.missing} text={oversightWords.person.missingText}>
              <ToList />
            </EmptyState>
            {isOwner ? <ReviewerRights operatorId={operatorId} /> : null}
          </>
        ) : (
          <Erased operatorId={operatorId} erasedAt={erasedAt} isOwner={isOwner} />
        )
      }
    </Found>
  )
}

/** Null for an id that was not erased. */
async function findErasure(operatorId: string, signal: AbortSignal): Promise<string | null> {
  try {
    return (await oversight.erasure(operatorId, { signal })).erased_at
  } catch (error) {
    if (error instanceof GatehouseProblem && [404, 422].includes(error.status)) return null
    throw error
  }
}

function Erased({
  operatorId,
  erasedAt,
  isOwner,
}: {
  readonly operatorId: string
  readonly erasedAt: string
  readonly isOwner: boolean
}) {
  const readmit = useMutation({ mutationFn: () => oversight.people.readmit(operatorId) })
  return (
    <EmptyState isPage title={says.title} text={says.on(toDate(erasedAt))}>
      <p class="muted small">{personRightsWords.erase.stays}</p>
      {readmit.isSuccess ? (
        <p role="status">{says.readmitted}</p>
      ) : (
        <>
          <p class="muted small">{says.refused}</p>
          {isOwner ? (
            <Confirm label={says.readmit} question={says.confirmReadmit} onConfirm={() => readmit.mutate()} />
          ) : null}
        </>
      )}
      <Complaint error={readmit.error} />
      <ToList />
    </EmptyState>
  )
}

function ToList() {
  return (
    <a class="button" href={at('/oversight/operators')}>
      {oversightWords.person.toList}
    </a>
  )
}
