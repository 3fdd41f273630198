import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'

const ofIncident = { orgId: z.uuid(), incidentId: z.string() }

/** Tells the operator that an incident was opened, or that this many hours of its deadline have passed. */
export const sendIncidentReminder = defineJob({
  name: 'platform.send-incident-reminder',
  payload: z.strictObject({ ...ofIncident, hours: z.int().min(0) }),
})

/** Notifies the owners of an org that an incident affects. */
export const sendSecurityNotice = defineJob({
  name: 'platform.send-security-notice',
  payload: z.strictObject(ofIncident),
})

/** Notifies every affected org that has not been notified yet. */
export const tellAffected = defineJob({
  name: 'platform.tell-affected',
  payload: z.strictObject(ofIncident),
})

const ofCase = { orgId: z.uuid(), caseId: z.string() }

/** Tells the operator that somebody reported a weakness. */
export const sendReportArrived = defineJob({
  name: 'platform.send-report-arrived',
  payload: z.strictObject(ofCase),
})

/** Tells the operator that this many hours of one of the case's deadlines have passed. */
export const sendCaseReminder = defineJob({
  name: 'platform.send-case-reminder',
  payload: z.strictObject({ ...ofCase, clock: z.enum(['acknowledge', 'fix']), hours: z.int().positive() }),
})

/** Tells the reporter, if they left an address, how far their report has come. */
export const sendCaseStep = defineJob({
  name: 'platform.send-case-step',
  payload: z.strictObject({ ...ofCase, step: z.enum(['acknowledged', 'fixed']) }),
})
