import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Complaint } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { gatehouse } from '../session.ts'
import { signOnWords } from '../words/sign-on-words.ts'

const says = signOnWords.settings

export function RemoveSignOn() {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => gatehouse.platform.teams.singleSignOn.delete(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['single-sign-on'] }),
  })
  return (
    <ul class="list deeds">
      <li>
        <div class="grow">
          <h2>{says.remove}</h2>
          <p class="muted small">{says.removeText}</p>
          <Complaint error={remove.error} />
        </div>
        <Confirm label={says.remove} question={says.confirmRemove} onConfirm={() => remove.mutate()} />
      </li>
    </ul>
  )
}
