import type { Incident, IncidentInFull } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Complaint } from '../parts.tsx'
import { Choose } from '../parts/choices.tsx'
import { gatehouse } from '../session.ts'
import { incidentWords as says } from '../words/incident-words.ts'

export type Member = { readonly userId: string; readonly name: string }

/** Those who can have an incident; undefined until they are known. */
export function useMembers(): readonly Member[] | undefined {
  return useQuery({
    queryKey: ['members'],
    queryFn: ({ signal }) => gatehouse.platform.teams.members.list({ signal }),
  }).data
}

const keyPrefix = 'mk_'

/** The name of a member, the visible part of a key, or that somebody is no longer here; undefined where it was nobody. */
export function toPersonName(members: readonly Member[] | undefined, id: string | null): string | undefined {
  if (id === null) return undefined
  const member = members?.find(({ userId }) => userId === id)
  if (member !== undefined) return member.name
  return members === undefined || id.startsWith(keyPrefix) ? id : says.gone
}

/** Who has it. Of incidents that were acknowledged before they could be given to somebody, whoever did that. */
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

/** Gives the incident to somebody, or to nobody, at once. */
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
