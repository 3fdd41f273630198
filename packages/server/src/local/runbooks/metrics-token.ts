import { randomBytes } from 'node:crypto'
import { Secret } from '@gatehouse/kernel/secrets'
import { type Runbook, Unproven } from './runbook.ts'
import { assertSet, heldSecret, isObserved, noServer, swapSetting } from './swap-setting.ts'

export const metricsToken: Runbook = {
  title: 'METRICS_TOKEN, with which metrics are read',
  assertFits: ({ local }) => assertSet(local, 'METRICS_TOKEN'),
  steps: [
    {
      id: 'swap',
      kind: 'rotate',
      says: 'Make a new token and put it in the place of the old one, at once',
      run: async (context) => ({
        file: await swapSetting(context, 'METRICS_TOKEN', new Secret(randomBytes(32).toString('base64url'))),
        next: 'Give the token in this file to Prometheus and to METRICS_TOKEN; on other nodes too',
      }),
    },
    {
      id: 'old-is-404',
      kind: 'check',
      says: 'The old token is answered like an unknown path, and the new one opens',
      run: async (context) => {
        const statusOf = async (name: string): Promise<number | undefined> => {
          const authorization = `Bearer ${heldSecret(context, name).reveal()}`
          return (await context.askServer('/metrics', { headers: { authorization } }))?.status
        }
        if ((await statusOf('before')) === undefined) return new Unproven(noServer)
        const holds = await isObserved(
          context,
          async () => (await statusOf('before')) === 404 && (await statusOf('now')) === 200,
        )
        if (!holds) throw new Error('The server still takes the old token, or does not take the new one')
        return { old: 404, new: 200 }
      },
    },
    {
      id: 'readers',
      kind: 'investigate',
      says: 'Who read the metrics',
      run: async () => ({
        told: 'Metrics hold counts, routes and no names. Calls of /metrics are not recorded here: look at the log of the proxy for addresses other than those of Prometheus',
      }),
    },
  ],
}
