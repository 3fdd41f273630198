import { listEntries } from '@gatehouse/kernel/audit'
import { within } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { Secret } from '@gatehouse/kernel/secrets'
import { keyOf } from '@gatehouse/kernel/secrets'
import { toSigningKey } from '../../embedded/first-run.ts'
import { rotateSecret } from '../secrets.ts'
import { assertKeyOfFile, loadOwnKeys } from './retire-versions.ts'
import { type Runbook, type RunbookContext, Unproven } from './runbook.ts'
import { heldSecret, isObserved, noServer } from './swap-setting.ts'

export const signingKey: Runbook = {
  title: 'The key that signs audit entries, checkpoints and webhooks',
  assertFits: assertKeyOfFile('signing-key'),
  steps: [
    {
      id: 'rotate',
      kind: 'rotate',
      says: 'Publish a new key, announce it in every chain, signed by both, and sign with it alone',
      run: async (context) => {
        context.held.set('before', new Secret(await currentId(context)))
        const { current } = await rotateSecret(context.local, context.env, 'signing-key')
        return { current, keyId: await currentId(context) }
      },
    },
    {
      id: 'new-one-signs',
      kind: 'check',
      says: 'Entries are signed by the new key, the old one signs none, and strangers find the new one',
      run: async (context) => {
        const [before, now] = [heldSecret(context, 'before').reveal(), await currentId(context)]
        // The entry of the rotation itself is the newest that this command made.
        const principal = { kind: 'system', orgId: instanceOrgId, because: 'command' } as const
        const [rotation] = await within(context.local, principal, (tx) =>
          listEntries(tx, { actions: ['SIGNING_KEY_ROTATED'], resourceId: now }, { limit: 1 }),
        )
        if (rotation === undefined || rotation.key_id !== now || now === before)
          throw new Error('The newest entry of the chain is not signed by the new key')
        const isPublished = async (): Promise<boolean> =>
          (await context.askServer('/.well-known/gatehouse-keys.json'))?.text.includes(now) === true
        if ((await context.askServer('/.well-known/gatehouse-keys.json')) === undefined)
          return new Unproven(noServer, { signs: now })
        if (!(await isObserved(context, isPublished)))
          throw new Error('The server does not publish the new key')
        return { signs: now, retired: before }
      },
    },
    {
      id: 'since-then',
      kind: 'investigate',
      says: 'What the old key could have signed',
      run: async () => ({
        told: 'Entries of before stay, and verify with the old public key. From SIGNING_KEY_ROTATED on, whatever names the old key is not of this instance: compare checkpoints that left the machine with `gatehouse audit verify --anchor`',
      }),
    },
  ],
}

async function currentId(context: Pick<RunbookContext, 'env' | 'local'>): Promise<string> {
  const keys = await loadOwnKeys(context, 'signing-key')
  return toSigningKey(keyOf(keys, keys.current), keys.current).id
}
