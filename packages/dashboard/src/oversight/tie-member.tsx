import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { DialogForm, Select } from '../controls.tsx'
import { Found } from '../parts.tsx'
import { gatehouse } from '../session.ts'
import { personRightsWords } from '../words/person-rights-words.ts'
import { oversight } from './oversight-calls.ts'

const says = personRightsWords.tie
const nobody = ''

/** Chooses the member whose account sees and signs as this person; shows who it is now. */
export function TieMember({
  operatorId,
  onClose,
}: {
  readonly operatorId: string
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const [chosen, setChosen] = useState<string>()
  const members = useQuery({
    queryKey: ['members'],
    queryFn: ({ signal }) => gatehouse.platform.teams.members.list({ signal }),
  })
  const tied = useQuery({
    queryKey: ['tied-member', operatorId],
    queryFn: ({ signal }) => oversight.tiedMember(operatorId, { signal }),
  })
  const save = useMutation({
    mutationFn: (userId: string) => oversight.tie(operatorId, userId === nobody ? null : userId),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['tied-member', operatorId] })
      onClose()
    },
  })
  const now = tied.data?.user_id ?? nobody
  const value = chosen ?? now
  return (
    <DialogForm
      title={says.dialog}
      text={says.dialogText}
      submit={says.save}
      isDisabled={value === now || save.isPending}
      error={save.error}
      onSubmit={() => save.mutate(value)}
      onClose={onClose}
    >
      <Found query={tied}>
        {({ user_id: userId }) => (
          <Found query={members}>
            {(found) => {
              const choices = [
                { value: nobody, text: says.nobody },
                ...found.map((one) => ({ value: one.userId, text: `${one.name} (${one.shownEmail})` })),
              ]
              const name = found.find((one) => one.userId === userId)?.name ?? says.former
              return (
                <>
                  <p class="small">{userId === null ? says.untied : says.stays(name)}</p>
                  <Select
                    label={says.member}
                    name="member"
                    value={value}
                    onChange={setChosen}
                    choices={choices}
                  />
                </>
              )
            }}
          </Found>
        )}
      </Found>
    </DialogForm>
  )
}
