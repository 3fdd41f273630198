import { asGate } from '@gatehouse/kernel/db'
import { countKeysByPepper, createKeyDigests } from '@gatehouse/kernel/keys'
import { retireSecret, rotateSecret } from '../secrets.ts'
import { assertKeyOfFile, loadOwnKeys } from './retire-versions.ts'
import { type Runbook, Unproven } from './runbook.ts'

export const pepper: Runbook = {
  title: 'The pepper, under which the digests of API keys stand',
  assertFits: assertKeyOfFile('pepper'),
  steps: [
    {
      id: 'rotate',
      kind: 'rotate',
      says: 'Make a new version: new keys stand under it at once, and each other key moves when it is used',
      run: async ({ local, env }) => ({ current: (await rotateSecret(local, env, 'pepper')).current }),
    },
    {
      id: 'old-is-refused',
      kind: 'check',
      says: 'Older versions are taken away as soon as no key stands under them',
      run: async (context) => {
        const { local, env } = context
        const held = await loadOwnKeys(context, 'pepper')
        const counts = await asGate(local, (tx) => countKeysByPepper(tx, local.clock.now()))
        const older = [...held.versions.keys()].filter((version) => version !== held.current)
        const behind = older.map((version) => counts.get(version) ?? 0).reduce((sum, one) => sum + one, 0)
        for (const version of older.filter((one) => (counts.get(one) ?? 0) === 0))
          await retireSecret(local, env, 'pepper', version)
        const left = await loadOwnKeys(context, 'pepper')
        const digests = createKeyDigests(left)
        const gone = older.filter((version) => !digests.isHeld(version)).map(String)
        const found = { current: left.current, gone, behind }
        if (behind === 0) return found
        return new Unproven(
          `${behind} API keys still stand under an older version. Each moves when it is used; run this again then, or run customer-keys if the database leaked too`,
          found,
        )
      },
    },
    {
      id: 'digests',
      kind: 'investigate',
      says: 'What the pepper alone gives away',
      run: async () => ({
        told: 'A pepper without the database opens nothing, and a key has 130 bits or more that no digest gives away. If the database leaked as well, run customer-keys',
      }),
    },
  ],
}
