import type { KeyObject } from 'node:crypto'
import {
  type ChainEntry,
  createChainJudge,
  entryHash,
  isEntrySignature,
  judgeEntry,
  type Link,
  listEntries,
  sha256Hex,
  signEntry,
  type SigningKey,
  toCanonicalJson,
  toChainEntry,
  toPublicKeys,
} from '@gatehouse/kernel/audit'
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
        const keys = await loadOwnKeys(context, 'signing-key')
        const held = keyOf(keys, keys.current).toString('base64')
        context.held.set('before', new Secret(`${keys.current}:${held}`))
        const { current } = await rotateSecret(context.local, context.env, 'signing-key')
        return { current, keyId: await currentId(context) }
      },
    },
    {
      id: 'new-one-signs',
      kind: 'check',
      says: 'Entries are signed by the new key, the old one signs none, and strangers find the new one',
      run: async (context) => {
        const [before, now] = [oldKey(context).id, await currentId(context)]
        // The newest entry of a rotation is the one that this command made.
        const [rotation] = await within(context.local, instance, (tx) =>
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
      id: 'old-one-is-refused',
      kind: 'check',
      says: 'What the old key signs now is refused by whoever verifies, and what it signed before still verifies',
      run: async (context) => {
        const [old, now] = [oldKey(context), await currentId(context)]
        const published = (await context.askServer('/.well-known/gatehouse-keys.json'))?.text
        if (published === undefined) return new Unproven(noServer)
        const publicKeys = toPublicKeys(published)
        const rows = await within(context.local, instance, async (tx) => ({
          rotation: await listEntries(
            tx,
            { actions: ['SIGNING_KEY_ROTATED'], resourceId: now },
            { limit: 1 },
          ),
          newest: await listEntries(tx, {}, { limit: entriesMax }),
        }))
        const signed = rows.newest.filter(({ key_id }) => key_id === old.id).map(toChainEntry)
        const key = publicKeys.get(old.id)
        if (key === undefined)
          throw new Error('The server does not publish the old key, and old entries need it')
        if (signed.some(({ entry_hash, signature }) => !isEntrySignature(key, entry_hash, signature)))
          throw new Error('An entry that the old key signed does not verify any more')
        const [rotation] = rows.rotation.map(toChainEntry)
        if (rotation === undefined) throw new Error('No entry of the chain retires the old key')
        if (!isRefused(rotation, forge(rotation, old), publicKeys))
          throw new Error('What the old key signs now is taken for an entry of the chain')
        return { oldEntriesVerified: signed.length, forgedRefused: 1 }
      },
    },
    {
      id: 'since-then',
      kind: 'investigate',
      says: 'What the old key could have signed',
      run: async () => ({
        told: 'Entries of before stay, and verify with the old public key. Ten minutes after SIGNING_KEY_ROTATED, whatever names the old key is not of this instance, and `gatehouse audit verify` says so: compare checkpoints that left the machine with `gatehouse audit verify --anchor`',
      }),
    },
  ],
}

const instance = { kind: 'system', orgId: instanceOrgId, because: 'command' } as const
/** How many of the newest entries are read; the last ones of the old key are among them. */
const entriesMax = 1_000
/** Longer than a node may take to load a new key. */
const wellAfterMs = 3_600_000

function oldKey(context: RunbookContext): SigningKey {
  const [version = '', bytes = ''] = heldSecret(context, 'before').reveal().split(':')
  return toSigningKey(Buffer.from(bytes, 'base64'), Number(version))
}

/**
 * Makes the entry that a holder of the old key could make: it follows the rotation, is complete, in order and signed.
 */
function forge(rotation: ChainEntry, old: SigningKey): ChainEntry {
  const payload = toCanonicalJson({ event_type: 'posture.forged' })
  const link: Link = {
    v: 1,
    seq: rotation.seq + 1,
    org_id: rotation.org_id,
    event_type: 'posture.forged',
    ts: new Date(Date.parse(rotation.ts) + wellAfterMs).toISOString(),
    payload_hash: sha256Hex(payload),
    prev_hash: rotation.entry_hash,
    key_id: old.id,
  }
  const hash = entryHash(link)
  return {
    ...link,
    payload,
    entry_hash: hash,
    signature: signEntry(old.privateKey, hash),
    actor_id: null,
    resource_type: null,
    resource_id: null,
  }
}

/** Checks with the public verifier that it finds no fault in these two entries except the signer of the second. */
function isRefused(
  rotation: ChainEntry,
  forged: ChainEntry,
  publicKeys: ReadonlyMap<string, KeyObject>,
): boolean {
  const position = { seq: rotation.seq, entryHash: rotation.entry_hash }
  if (judgeEntry(position, forged, publicKeys).length > 0) throw new Error('The forgery is not a good one')
  const after = { seq: rotation.seq - 1, entryHash: rotation.prev_hash }
  const judge = createChainJudge(publicKeys, { after })
  for (const entry of [rotation, forged]) judge.takeEntry(entry)
  return judge
    .finish()
    .faults.some(({ seq, because }) => seq === forged.seq && because.includes(forged.key_id))
}

async function currentId(context: Pick<RunbookContext, 'env' | 'local'>): Promise<string> {
  const keys = await loadOwnKeys(context, 'signing-key')
  return toSigningKey(keyOf(keys, keys.current), keys.current).id
}
