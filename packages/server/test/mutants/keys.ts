import { createHash } from 'node:crypto'
import { createKeyDigests, createKeyVerifier, type KeyVerdict } from '@gatehouse/kernel/keys'
import { changingHandler, firstOrg, lendDatabase, type Mutant } from './mutant.ts'
import { weakServices } from './weak-services.ts'

const plain = (text: string): Buffer => createHash('sha256').update(text).digest()
export type MadeKey = { readonly apiKey: { readonly id: string; readonly key: string } }

const first = firstOrg()
const lent = lendDatabase()

export const keyMutants: readonly Mutant[] = [
  { claim: 'keys.format-of-uptime', group: 'services', weakened: { services: weakServices } },
  { claim: 'keys.format-of-oversight', group: 'services' },
  { claim: 'keys.format-of-volatility', group: 'services' },
  {
    claim: 'keys.are-kept-as-peppered-hashes',
    group: 'wrapped',
    weakened: {
      createKeyDigests: (pepper) => ({
        ...createKeyDigests(pepper),
        digest: plain,
        digestHex: (text) => plain(text).toString('hex'),
      }),
    },
  },
  {
    claim: 'keys.only-a-prefix-is-kept-in-clear',
    group: 'wrapped',
    weaken: lent.weaken,
    weakened: changingHandler<unknown, MadeKey>('createApiKey', async ({ caller, input, handle }) => {
      first.note(caller)
      const reply = await handle(caller, input)
      const { id, key } = reply.apiKey
      await lent.pool().query('UPDATE gatehouse.api_key SET name = $1 WHERE id = $2', [key, id])
      return reply
    }),
  },
  {
    claim: 'keys.belong-to-one-organisation',
    group: 'wrapped',
    weakened: changingHandler('listApiKeys', ({ caller, input, handle }) => handle(first.be(caller), input)),
  },
  {
    claim: 'keys.rotation-is-instant',
    group: 'deaf',
    weakened: {
      // It hears of nothing that ends a key, and takes its time over keys that were revoked.
      createKeyVerifier: (options) => {
        const verifier = createKeyVerifier({
          ...options,
          invalidations: { ...options.invalidations, subscribe: () => () => undefined },
        })
        return {
          ...verifier,
          verify: async (service, text, ip) => {
            const verdict: KeyVerdict = await verifier.verify(service, text, ip)
            if (!verdict.accepted && verdict.reason === 'revoked')
              await new Promise((resolve) => setTimeout(resolve, 500))
            return verdict
          },
        }
      },
    },
  },
  { claim: 'keys.revocation-is-instant', group: 'deaf' },
  { claim: 'refusals.are-indistinguishable-in-time', group: 'deaf' },
  {
    claim: 'refusals.tell-the-audit-log-alone',
    group: 'deaf',
    weakened: {
      wrapService: (service) => ({
        ...service,
        envelope: {
          ...service.envelope,
          toBody: (refusal) => ({ ...service.envelope.toBody(refusal), because: 'the key was revoked' }),
        },
      }),
    },
  },
]
