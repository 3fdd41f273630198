import { defineEndpoint, displayName, instant, text, readsTool } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { twoDoors } from '../../../service/two-doors.ts'
import { checkReply } from './monitors.ts'
import { deliveryReply } from './delivery-shape.ts'
import { reason } from './reason.ts'
import { byId, nextCursor, nothing, page, time } from '../../../service/shapes.ts'
import { atLeastOne, hasMembers } from './shapes.ts'

const tag = 'incidents'
const reads = { kind: 'key', scope: 'incidents:read' } as const
const writes = { kind: 'key', scope: 'incidents:write' } as const

const status = z.enum(['ongoing', 'acknowledged', 'resolved'])
const phase = z.enum(['investigating', 'identified', 'monitoring', 'resolved', 'postmortem'])
const impact = z.enum(['none', 'minor', 'major', 'critical'])
const visibility = z.enum(['public', 'hidden'])
const title = displayName(200)
const cause = text(1, 5_000)

/** Incident settings as they appear in replies, under the same names. */
export const shownIncidentSettings = {
  title: z.string().nullable(),
  cause: z.string().nullable(),
  impact,
}

/** Update settings as they appear in replies. */
export const shownUpdateSettings = {
  phase,
  body: z.string(),
  supersedes: z.string().nullable(),
}

const incidentFields = {
  id: z.string(),
  teamId: z.string(),
  monitorId: z.string().nullable(),
  /** The name at that time, if the monitor was deleted. */
  monitorName: z.string().nullable(),
  serviceId: z.string(),
  type: z.enum(['auto', 'manual', 'change', 'warning']),
  status,
  severity: z.enum(['critical', 'warning']),
  ...shownIncidentSettings,
  causeReason: reason.nullable().meta({
    description:
      '`cause` as a code with its values; null if there is no cause, a person wrote it, or an earlier version stored it',
  }),
  startedAt: time,
  confirmedAt: time,
  acknowledgedAt: time.nullable(),
  acknowledgedBy: z.string().nullable(),
  /** Id of the assigned member, who may have left the organisation since; null if unassigned. */
  assigneeId: z.string().nullable(),
  resolvedAt: time.nullable(),
  threshold: z.int().nullable(),
  publicPhase: phase.nullable(),
  visibility,
  createdAt: time,
  updatedAt: time,
}
const incidentReply = z.strictObject(incidentFields).meta({ id: 'Incident' })
const updateReply = z
  .strictObject({
    id: z.string(),
    ...shownUpdateSettings,
    authorId: z.string().nullable(),
    displayAt: time,
  })
  .meta({ id: 'IncidentUpdate' })
const assignmentReply = z.strictObject({
  at: time,
  /** Null: unassigned from then on. */
  assigneeId: z.string().nullable(),
  /** Who assigned it: a member's id or the displayable part of an API key. */
  by: z.string().nullable(),
})
const oneIncident = { status: 200, schema: z.strictObject({ incident: incidentReply }) } as const

const incidentQuery = z.strictObject({
  status: status.optional(),
  monitorId: text(1, 64).optional(),
  serviceId: text(1, 64).optional(),
  from: instant.optional(),
  to: instant.optional(),
  ...page,
})

export type IncidentQuery = z.output<typeof incidentQuery>
export type IncidentReply = z.input<typeof incidentReply>
export type AssignmentReply = z.input<typeof assignmentReply>
export type UpdateReply = z.input<typeof updateReply>

export const listIncidents = defineEndpoint({
  method: 'GET',
  path: '/api/v1/incidents',
  id: 'listIncidents',
  summary: 'List incidents, newest first',
  description:
    'Without `limit`, the reply contains all open incidents and the 500 newest others. `from` and `to` filter by the start time.',
  tag,
  access: reads,
  query: incidentQuery,
  tool: { name: 'list_incidents', annotations: readsTool },
  reply: { status: 200, schema: z.strictObject({ incidents: z.array(incidentReply), nextCursor }) },
  problems: [],
})

export const getIncident = defineEndpoint({
  method: 'GET',
  path: '/api/v1/incidents/{id}',
  id: 'getIncident',
  summary: 'Read one incident with its updates and the notifications that were sent',
  tag,
  access: reads,
  params: byId,
  tool: { name: 'get_incident', annotations: readsTool },
  reply: {
    status: 200,
    schema: z.strictObject({
      incident: z
        .strictObject({
          ...incidentFields,
          /** The last 100 assignments, in order. */
          assignments: z.array(assignmentReply),
          updates: z.array(updateReply),
          deliveries: z.array(deliveryReply),
          /** The last successful check before the incident and the first failed one; null if no check opened it. */
          evidence: z
            .strictObject({ lastGood: checkReply.nullable(), firstBad: checkReply.nullable() })
            .nullable(),
        })
        .meta({ id: 'IncidentInFull' }),
    }),
  },
  problems: ['NOT_FOUND'],
})

const newIncident = z
  .strictObject({
    title,
    cause: cause.optional(),
    serviceId: text(1, 64).optional(),
    impact: impact.optional(),
  })
  .meta({ id: 'NewIncident' })
export type NewIncidentBody = z.output<typeof newIncident>

export const createIncident = defineEndpoint({
  method: 'POST',
  path: '/api/v1/incidents',
  id: 'createIncident',
  summary: 'Create an incident manually',
  description:
    'The incident concerns a whole status page: the one with the id `serviceId`, or the default page if it is omitted.',
  tag,
  access: writes,
  body: newIncident,
  reply: { status: 201, schema: z.strictObject({ incident: incidentReply }) },
  example: { body: { title: 'Payments are slow', impact: 'minor' } },
  problems: ['NOT_FOUND'],
})

const incidentChange = z.strictObject({
  title: title.optional(),
  cause: cause.optional(),
})
export type IncidentChangeBody = z.output<typeof incidentChange>

export const updateIncident = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/incidents/{id}',
  id: 'updateIncident',
  summary: 'Change the title of a manual incident or the cause of any incident, while it is not resolved',
  tag,
  access: writes,
  params: byId,
  body: incidentChange.refine(hasMembers, atLeastOne).meta({ id: 'IncidentChange' }),
  reply: oneIncident,
  example: { body: { cause: 'A full disk' } },
  problems: ['NOT_FOUND', 'INVALID_STATE'],
})

export const acknowledgeIncident = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/incidents/{id}/acknowledge',
  id: 'acknowledgeIncident',
  summary: 'Acknowledge an incident; this stops its escalations and reminders',
  description:
    'If a user (not an API key) acknowledges an unassigned incident, the incident is assigned to that user.',
  tag,
  access: writes,
  params: byId,
  body: nothing,
  reply: oneIncident,
  problems: ['NOT_FOUND', 'INVALID_STATE'],
})

export const assignIncident = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/incidents/{id}/assignee',
  id: 'assignIncident',
  summary: 'Assign an incident to a member of the organisation, or remove the assignment',
  tag,
  access: writes,
  params: byId,
  /** The id of a member; null unassigns the incident. */
  body: z.strictObject({ assigneeId: text(1, 64).nullable() }),
  reply: oneIncident,
  example: { body: { assigneeId: '01K7Z3N8Q4W2X5Y6A7B8C9D0EF' } },
  problems: ['NOT_FOUND', 'INVALID_STATE'],
})

export const resolveIncident = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/incidents/{id}/resolve',
  id: 'resolveIncident',
  summary: 'Resolve an incident',
  description: 'If the monitor is still down, no new incident is opened until a check has succeeded.',
  tag,
  access: writes,
  params: byId,
  body: z.strictObject({ cause: cause.optional() }),
  reply: oneIncident,
  example: { body: { cause: 'A full disk' } },
  problems: ['NOT_FOUND', 'INVALID_STATE'],
})

const newUpdate = z
  .strictObject({
    phase,
    body: text(1, 5_000),
    /** Id of the update that this one corrects. */
    supersedes: text(1, 64).optional(),
    notifySubscribers: z
      .boolean()
      .optional()
      .meta({ description: 'Whether subscribers of the page are told of it; by default they are' }),
  })
  .meta({ id: 'NewIncidentUpdate' })
export type NewUpdateBody = z.output<typeof newUpdate>

export const addIncidentUpdate = defineEndpoint({
  method: 'POST',
  path: '/api/v1/incidents/{id}/updates',
  id: 'addIncidentUpdate',
  summary: 'Publish an update of an incident on the status page',
  tag,
  access: writes,
  params: byId,
  body: newUpdate,
  reply: { status: 201, schema: z.strictObject({ update: updateReply }) },
  example: { body: { phase: 'identified', body: 'The disk of one node is full.' } },
  problems: ['NOT_FOUND', 'INVALID_STATE'],
})

export const setIncidentVisibility = defineEndpoint({
  method: 'PUT',
  path: '/api/v1/incidents/{id}/visibility',
  id: 'setIncidentVisibility',
  summary: 'Show an incident on the status page, or hide it',
  tag,
  access: writes,
  params: byId,
  body: z.strictObject({ visibility }),
  reply: oneIncident,
  problems: ['NOT_FOUND'],
})

export const deleteIncident = defineEndpoint({
  method: 'DELETE',
  path: '/api/v1/incidents/{id}',
  id: 'deleteIncident',
  summary: 'Delete an incident that was created manually',
  tag,
  access: writes,
  params: byId,
  reply: { status: 204, schema: null },
  problems: ['NOT_FOUND', 'NOT_MANUAL'],
})

export const incidentEndpoints = [
  ...twoDoors(
    listIncidents,
    getIncident,
    createIncident,
    updateIncident,
    acknowledgeIncident,
    assignIncident,
    resolveIncident,
    addIncidentUpdate,
    setIncidentVisibility,
    deleteIncident,
  ),
]
