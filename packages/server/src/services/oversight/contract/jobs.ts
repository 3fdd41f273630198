import { defineJob } from '@gatehouse/kernel/jobs'
import { z } from 'zod'
import { alertKinds, severities } from '../domain/alerts.ts'

const inBothLanguages = z.strictObject({ en: z.string(), ja: z.string() })

/** An alert opened, or is over: for whoever tells people (specification 12). It carries nobody's score. */
export const alertRaisedJob = defineJob({
  name: 'oversight.alert_raised',
  payload: z.strictObject({
    orgId: z.string(),
    alertId: z.string(),
    kind: z.enum(alertKinds),
    severity: z.enum(severities),
    title: inBothLanguages,
    summary: inBothLanguages,
    /** From the root of the instance: `/app/…`. */
    link: z.string(),
    openedAt: z.iso.datetime({ precision: 3 }),
    /** The same for everything that is said of one alert. */
    dedupeKey: z.string(),
    resolved: z.boolean(),
  }),
})

/** Takes the bodies of chain entries that were about somebody who was erased; their hashes stay. */
export const eraseBodiesJob = defineJob({
  name: 'oversight.erase_bodies',
  payload: z.strictObject({ orgId: z.string(), seqs: z.array(z.int()) }),
})
