import { createSealer } from '@gatehouse/kernel/secrets'
import { countSealedByOthers } from '../../operations/reseal.ts'
import { schema } from '../../schema.ts'
import { rotateSecret } from '../secrets.ts'
import { assertKeyOfFile, loadOwnKeys, retireOlderVersions } from './retire-versions.ts'
import type { Runbook } from './runbook.ts'

/** A place that no row has: what is sealed for it can be opened nowhere else. */
const place = { orgId: 'runbook', table: 'runbook', column: 'probe', row: 'probe' }

export const masterKey: Runbook = {
  title: 'The master key, under which stored secrets are sealed',
  assertFits: assertKeyOfFile('master-key'),
  steps: [
    {
      id: 'reseal',
      kind: 'rotate',
      says: 'Make a new version, seal every stored secret anew, and take the old versions away',
      run: async (context) => {
        const sealed = createSealer(await loadOwnKeys(context, 'master-key')).seal(place, 'probe')
        context.held.clear()
        const { current, moved } = await rotateSecret(context.local, context.env, 'master-key')
        const keys = await loadOwnKeys(context, 'master-key')
        const behind = await countSealedByOthers(context.local.db, keys, schema.sealed)
        if (behind > 0) throw new Error(`${behind} values could not be sealed anew: run this again`)
        const retired = await retireOlderVersions(context, 'master-key')
        if (isOpened(await loadOwnKeys(context, 'master-key'), sealed))
          throw new Error('What the old version sealed can still be opened')
        return { current, moved: moved ?? 0, retired: retired.map(String) }
      },
    },
    {
      id: 'nothing-is-behind',
      kind: 'check',
      says: 'Nothing that is stored stands under an older version',
      run: async (context) => {
        const keys = await loadOwnKeys(context, 'master-key')
        const behind = await countSealedByOthers(context.local.db, keys, schema.sealed)
        if (behind > 0) throw new Error(`${behind} values are still sealed by older versions`)
        return { behind, versions: keys.versions.size }
      },
    },
    {
      id: 'sealed-places',
      kind: 'investigate',
      says: 'What could have been opened by whoever holds a copy of the database as well',
      run: async () => ({
        places: schema.sealed.map(({ table, column }) => `${table}.${column}`),
        told: 'If a copy of the database leaked too, what stands in these places is exposed: rotate it where it is from',
      }),
    },
  ],
}

function isOpened(keys: Parameters<typeof createSealer>[0], sealed: string): boolean {
  try {
    createSealer(keys).open(place, sealed)
    return true
  } catch {
    return false
  }
}
