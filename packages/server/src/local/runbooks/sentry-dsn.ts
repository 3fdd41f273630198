import { randomBytes } from 'node:crypto'
import { Secret } from '@gatehouse/kernel/secrets'
import { toFaultEvent } from '../../faults/fault-event.ts'
import { sendEvent } from '../../faults/report-faults.ts'
import { parseSentryDsn } from '../../faults/sentry-dsn.ts'
import type { Runbook, RunbookContext } from './runbook.ts'
import { assertSet, heldSecret, swapSetting } from './swap-setting.ts'

export const sentryDsn: Runbook = {
  title: 'SENTRY_DSN, to which faults are told',
  assertFits: ({ local }) => assertSet(local, 'SENTRY_DSN'),
  steps: [
    {
      id: 'swap',
      kind: 'rotate',
      says: 'Make a new client key at Sentry, revoke the old one, and take the new DSN',
      needsPerson: true,
      run: async (context) => {
        const text = await context.person.tells('swap', 'The new DSN', [
          'At Sentry, under Settings, Projects, Client Keys: create a new key and disable the old one.',
        ])
        if (parseSentryDsn(text) === undefined)
          throw new Error('That is no DSN: it looks like https://KEY@HOST/PROJECT')
        const next = new Secret(text)
        // Tested before anything is changed, so that no fault report is lost by a mistyped DSN.
        if (!(await isTaken(context, next)))
          throw new Error('Sentry does not take a test event with this DSN')
        return { file: await swapSetting(context, 'SENTRY_DSN', next) }
      },
    },
    {
      id: 'test-event',
      kind: 'check',
      says: 'A test event arrives with the new DSN, and none with the old one',
      run: async (context) => {
        if (!(await isTaken(context, heldSecret(context, 'now'))))
          throw new Error('Sentry does not take a test event with the new DSN')
        if (await isTaken(context, heldSecret(context, 'before')))
          throw new Error('Sentry still takes events with the old DSN: disable its client key there')
        return { new: 'accepted', old: 'refused' }
      },
    },
    {
      id: 'foreign-events',
      kind: 'investigate',
      says: 'What somebody else may have told Sentry',
      run: async () => ({
        told: 'A DSN only writes. Look in the project for events whose release is not gatehouse@…, since whoever held the DSN could have sent them',
      }),
    },
  ],
}

async function isTaken({ egress, local }: RunbookContext, dsn: Secret): Promise<boolean> {
  const event = toFaultEvent({
    id: randomBytes(16).toString('hex'),
    atMs: local.clock.now(),
    release: 'gatehouse@runbook',
    sentence: 'A test of the runbook sentry-dsn',
    fields: {},
  })
  try {
    return (await sendEvent({ egress, clock: local.clock }, dsn, event)) === undefined
  } catch {
    return false
  }
}
