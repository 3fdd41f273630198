import type { Incident, IncidentInFull } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Complaint } from '../parts.tsx'
import { Choose } from '../parts/choices.tsx'
import { gatehouse } from '../session.ts'
import { incidentWords as says } from '../words/incident-words.ts'

export type Member = { readonly userId: string; readonly name: string }

/** Members who can be assigned; undefined while loading. */
export function useMembers(): readonly Member[] | undefined {
  return useQuery({
    queryKey: ['members'],
    queryFn: ({ signal }) => gatehouse.platform.teams.members.list({ signal }),
  }).data
}

const keyPrefix = 'mk_'

/** A member's name, the displayable part of a key, or that the person has left; undefined for null. */
export function toPersonName(members: readonly Member[] | undefined, id: string | null): string | undefined {
  if (id === null) return undefined
  const member = members?.find(({ userId }) => userId === id)
  if (member !== undefined) return member.name
  if (id.startsWith(keyPrefix)) return says.key(id)
  return members === undefined ? id : says.gone
}

/** The assignee. For incidents acknowledged before assignment existed, whoever acknowledged them. */
export function toHolder({
  assigneeId,
  acknowledgedBy,
  ...incident
}: Pick<Incident, 'assigneeId' | 'acknowledgedBy'> & Partial<Pick<IncidentInFull, 'assignments'>>):
  | string
  | null {
  return assigneeId ?? ((incident.assignments ?? []).length === 0 ? acknowledgedBy : null)
}

const nobody = ''

/** Assigns the incident to a member, or to nobody, when it is selected. */
export function AssigneeChoice({
  incident: { id, assigneeId },
  members,
}: {
  readonly incident: IncidentInFull
  readonly members: readonly Member[]
}) {
  const queries = useQueryClient()
  const assign = useMutation({
    mutationFn: (chosen: string) => gatehouse.uptime.incidents.assign(id, chosen === nobody ? null : chosen),
    onSettled: () => queries.invalidateQueries({ queryKey: ['incidents'] }),
  })
  const isGone = assigneeId !== null && !members.some(({ userId }) => userId === assigneeId)
  return (
    <>
      <Choose
        label={says.assignee}
        value={assigneeId ?? nobody}
        options={[
          { value: nobody, text: says.toNobody },
          ...(isGone ? [{ value: assigneeId, text: says.gone }] : []),
          ...members.map(({ userId, name }) => ({ value: userId, text: says.toMember(name) })),
        ]}
        onChoose={(chosen) => assign.mutate(chosen)}
      />
      <Complaint error={assign.error} />
    </>
  )
}
