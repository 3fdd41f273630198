import type { KeyObject } from 'node:crypto'
import { toKeyList } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { defineEndpoint, RawReply } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { readPolicyDate } from './documentation/read-policy-date.ts'
import { writeSecurityText } from './security-text.ts'
import { open, openPolicy } from './service/open-service.ts'
import { defineService, startNothing } from './service/define-service.ts'

const readSigningKeys = defineEndpoint({
  method: 'GET',
  path: '/.well-known/gatehouse-keys.json',
  id: 'readSigningKeys',
  summary:
    'Read the public Ed25519 keys that verify audit entries, checkpoints and webhooks, including retired keys',
  tag: 'audit',
  access: {
    kind: 'public',
    because: 'whoever holds an export must be able to verify it',
    limit: { name: 'well-known', by: 'ip' },
  },
  reply: {
    status: 200,
    schema: z.strictObject({
      keys: z.array(
        z.strictObject({ key_id: z.string(), algorithm: z.literal('Ed25519'), public_key: z.string() }),
      ),
    }),
  },
  problems: [],
})

const readSecurityText = defineEndpoint({
  method: 'GET',
  path: '/.well-known/security.txt',
  id: 'readSecurityText',
  summary: 'Read how to report a vulnerability (security.txt, RFC 9116)',
  tag: 'disclosure',
  access: {
    kind: 'public',
    because: 'whoever finds a weakness must learn where to report it',
    limit: { name: 'well-known', by: 'ip' },
  },
  reply: { status: 200, mediaType: 'text/plain; charset=utf-8' },
  problems: [],
})

const readSbom = defineEndpoint({
  method: 'GET',
  path: '/.well-known/sbom.json',
  id: 'readSbom',
  summary: 'Read the software bill of materials of the running build (CycloneDX 1.6)',
  tag: 'disclosure',
  access: {
    kind: 'public',
    because: 'whoever runs or relies on an instance must be able to look for known weaknesses in its parts',
    limit: { name: 'well-known', by: 'ip' },
  },
  reply: { status: 200, mediaType: 'application/vnd.cyclonedx+json; version=1.6' },
  problems: [],
})

/** Signs text with the operator's OpenPGP key, with the given time. */
export type SignText = (text: string, nowMs: number) => Promise<string>

type WellKnownDeps = {
  readonly sbom: () => Promise<string>
  readonly publicKeys: ReadonlyMap<string, KeyObject>
  readonly clock: Clock
  readonly publicUrl: () => string
  /** The URL for reports of weaknesses. Default: `security@` at the host. */
  readonly securityContact: string | undefined
  /** Set when reports can be encrypted with a key. */
  readonly reportKey: object | undefined
  /** Undefined when the operator has not set up a key for signatures. */
  readonly signText: SignText | undefined
}

/** What anyone needs to verify what this instance signed (A3). */
export const wellKnown = defineService({
  ...open,
  name: 'well-known',
  title: 'Public keys',
  description:
    'Public keys and programs to verify the signatures of this instance, and how to report a vulnerability',
  policy: openPolicy('well-known'),
  endpoints: [readSigningKeys, readSecurityText, readSbom],
  build: ({ publicKeys, sbom, ...deps }: WellKnownDeps) => ({
    handlers: {
      readSigningKeys: () => ({ keys: toKeyList(publicKeys) }),
      readSecurityText: async () => new RawReply(await toSecurityText(deps)),
      readSbom: async () => new RawReply(await sbom(), { 'cache-control': 'public, max-age=3600' }),
    },
    jobs: [],
    recurring: [],
    start: startNothing,
  }),
})

async function toSecurityText({
  clock,
  publicUrl,
  securityContact: contact,
  reportKey,
  signText,
}: Omit<WellKnownDeps, 'publicKeys' | 'sbom'>): Promise<string> {
  const nowMs = clock.now()
  const text = writeSecurityText({
    publicUrl: publicUrl(),
    contact,
    hasReportKey: reportKey !== undefined,
    policyDate: readPolicyDate(),
    nowMs,
  })
  return signText === undefined ? text : signText(text, nowMs)
}
