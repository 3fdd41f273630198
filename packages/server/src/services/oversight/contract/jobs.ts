import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'
import { alertKinds, severities } from '../domain/alerts.ts'

const inBothLanguages = z.strictObject({ en: z.string(), ja: z.string() })

/**
 * An alert opened or closed; consumed by the service that notifies people (specification 12). Carries nobody's score.
 */
export const alertRaisedJob = defineJob({
  name: 'oversight.alert_raised',
  payload: z.strictObject({
    orgId: z.string(),
    alertId: z.string(),
    kind: z.enum(alertKinds),
    severity: z.enum(severities),
    title: inBothLanguages,
    summary: inBothLanguages,
    /** Path on the instance: `/app/…`. */
    link: z.string(),
    openedAt: z.iso.datetime({ precision: 3 }),
    /** The same for all messages about one alert. */
    dedupeKey: z.string(),
    resolved: z.boolean(),
  }),
})

/** Deletes the bodies of chain entries about an erased operator; the hashes stay. */
export const eraseBodiesJob = defineJob({
  name: 'oversight.erase_bodies',
  payload: z.strictObject({ orgId: z.string(), seqs: z.array(z.int()) }),
})
