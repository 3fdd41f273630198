import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

const ofIncident = { orgId: z.uuid(), incidentId: z.string() }

/** To the operator: an incident was opened, or so many hours of its clock have passed. */
export const sendIncidentReminder = defineJob({
  name: 'platform.send-incident-reminder',
  payload: z.strictObject({ ...ofIncident, hours: z.int().min(0) }),
})

/** To the owners of an org that an incident touches. */
export const sendSecurityNotice = defineJob({
  name: 'platform.send-security-notice',
  payload: z.strictObject(ofIncident),
})

/** Tells every org that an incident touches, and that was not told yet. */
export const tellAffected = defineJob({
  name: 'platform.tell-affected',
  payload: z.strictObject(ofIncident),
})
