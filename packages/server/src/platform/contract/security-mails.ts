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

const ofCase = { orgId: z.uuid(), caseId: z.string() }

/** To the operator: somebody reported a weakness. */
export const sendReportArrived = defineJob({
  name: 'platform.send-report-arrived',
  payload: z.strictObject(ofCase),
})

/** To the operator: so many hours of a clock of the case have passed. */
export const sendCaseReminder = defineJob({
  name: 'platform.send-case-reminder',
  payload: z.strictObject({ ...ofCase, clock: z.enum(['acknowledge', 'fix']), hours: z.int().positive() }),
})

/** To the reporter, where they left an address: how far their report has come. */
export const sendCaseStep = defineJob({
  name: 'platform.send-case-step',
  payload: z.strictObject({ ...ofCase, step: z.enum(['acknowledged', 'fixed']) }),
})
