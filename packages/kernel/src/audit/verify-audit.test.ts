import { generateKeyPairSync, sign } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { signCheckpoint } from './checkpoints.ts'
import type { ChainEntry } from './judge-chain.ts'
import { entryHash, genesisHash, sha256Hex, signEntry, toCanonicalJson } from './link.ts'
import { readLines, toPublicKeys, toRotationText, toText, verifyExport } from './verify-audit.mjs'

const newKey = (id: string) => ({ id, ...generateKeyPairSync('ed25519') })
const [key, next] = [newKey('test-1'), newKey('test-2')]
const publicKeys = new Map([key, next].map(({ id, publicKey }) => [id, publicKey]))
const orgId = '00000000-0000-4000-8000-000000000001'
const ts = '2026-06-30T00:00:00.000Z'

type Written = { readonly payload: string; readonly key?: typeof key; readonly event?: string }

/** A chain as its own server would write it, whatever is in its payloads. */
function toChain(written: readonly Written[]): ChainEntry[] {
  let previous = genesisHash
  return written.map(({ payload, key: signer = key, event = 'test.write' }, index) => {
    const link = {
      v: 1,
      seq: index + 1,
      org_id: orgId,
      event_type: event,
      ts,
      payload_hash: sha256Hex(payload),
      prev_hash: previous,
      key_id: signer.id,
    } as const
    previous = entryHash(link)
    const { v: _version, ...columns } = link
    const signature = signEntry(signer.privateKey, previous)
    const copies = { actor_id: null, resource_type: null, resource_id: null }
    return { ...columns, ...copies, payload, entry_hash: previous, signature }
  })
}

const toPayload = (note: string, event = 'test.write') => toCanonicalJson({ event_type: event, note })

function toBytes(entries: readonly ChainEntry[]): Buffer {
  const last = entries.at(-1)
  const end = { seq: last?.seq ?? 0, entryHash: last?.entry_hash ?? genesisHash }
  const checkpoint = signCheckpoint(key, orgId, end, Date.parse(ts))
  const lines = [{ kind: 'checkpoint', ...checkpoint }, ...entries].map((line) => JSON.stringify(line))
  return Buffer.from(lines.map((line) => `${line}\n`).join(''))
}

const judge = (bytes: Buffer) => verifyExport(readLines(Readable.from([bytes])), publicKeys)
const becauses = async (bytes: Buffer) => (await judge(bytes)).faults

it.each(['line\u2028separator', 'paragraph\u2029separator', 'a\rb', 'replaced \ufffd', '👍'])(
  'a chain with %j in it is intact',
  async (note) => {
    const bytes = toBytes(toChain([{ payload: toPayload(note) }]))
    expect(await judge(bytes)).toMatchObject({ intact: true, entries: 1, faults: [] })
  },
)

it('lines are cut at line feeds alone, wherever the chunks of a file end', async () => {
  const bytes = Buffer.from('a\u2028\r\n\nbc\nlast')
  for (const size of [1, 2, 3, 100]) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, (n + 1) * size),
    )
    const lines = await Array.fromAsync(readLines(Readable.from(chunks)))
    expect(lines.map((line) => line.toString('utf8'))).toEqual(['a\u2028\r', '', 'bc', 'last'])
  }
})

it('a flipped byte that decodes to the same text is found', async () => {
  const bytes = toBytes(toChain([{ payload: toPayload('replaced \ufffd') }]))
  const at = bytes.indexOf(Buffer.from('\ufffd'))
  // One changed byte of U+FFFD begins a sequence that never ends, which lenient decoders show as U+FFFD.
  const changed = Buffer.from(bytes)
  changed[at] = 0xf0
  expect(changed.toString('utf8')).toBe(bytes.toString('utf8'))
  expect(await becauses(changed)).toContainEqual({
    seq: null,
    because: 'line 2: The encoded data was not valid for encoding utf-8',
  })
})

it('half a character that hashes like another is found', async () => {
  const [entry] = toChain([{ payload: toPayload('replaced \ufffd') }])
  if (entry?.payload == null) throw new Error('It has a payload')
  const changed = { ...entry, payload: entry.payload.replace('\ufffd', '\ud800') }
  expect(sha256Hex(changed.payload)).toBe(entry.payload_hash)
  expect(await becauses(toBytes([changed]))).toEqual([
    { seq: 1, because: 'its payload was changed after it was written' },
  ])
})

it('every line end that was changed is found', async () => {
  const bytes = toBytes(toChain([{ payload: toPayload('a') }, { payload: toPayload('b') }]))
  for (let at = bytes.indexOf('\n'); at !== -1; at = bytes.indexOf('\n', at + 1))
    for (const byte of ['\r', '\v', ' ', 'x']) {
      const changed = Buffer.from(bytes)
      changed[at] = byte.charCodeAt(0)
      expect((await judge(changed)).intact).toBe(false)
    }
})

it.each(['', 'not JSON', 'null', '7', '"text"', '{"event_type":'])(
  'a payload that is %j is a fault of its entry, whoever signed it, and the rest is judged',
  async (payload) => {
    const chain = toChain([{ payload: toPayload('a') }, { payload }, { payload: toPayload('b') }])
    expect(await judge(toBytes(chain))).toMatchObject({
      entries: 3,
      headSeq: 3,
      faults: [{ seq: 2, because: 'its payload is not a JSON object' }],
    })
  },
)

it.each<[what: string, detail: unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['text', 'sig-2'],
  ['a member that has no text', { from_key_id: { toString: null, valueOf: null } }],
])('a rotation whose detail is %s is a fault of its entry', async (_what, detail) => {
  const event = 'SIGNING_KEY_ROTATED'
  const payload = JSON.stringify({ event_type: event, detail })
  expect(await becauses(toBytes(toChain([{ payload, event, key: next }])))).toEqual([
    { seq: 1, because: 'it does not say which key follows which' },
  ])
})

it('a rotation that both keys signed is intact', async () => {
  const event = 'SIGNING_KEY_ROTATED'
  const publicText = String(next.publicKey.export({ format: 'jwk' }).x)
  const rotation = { from_key_id: key.id, to_key_id: next.id, to_public_key: publicText }
  const text = toRotationText({ org_id: orgId, ...rotation })
  const signature = sign(null, Buffer.from(text), key.privateKey).toString('base64url')
  const payload = toCanonicalJson({ event_type: event, detail: { ...rotation, from_signature: signature } })
  expect(await becauses(toBytes(toChain([{ payload, event, key: next }])))).toEqual([])
})

it('only the first faults are written out, and the rest is counted', () => {
  const verdict = (count: number) => ({
    intact: false,
    entries: count,
    headSeq: count,
    headHash: genesisHash,
    faults: Array.from({ length: count }, (_, n) => ({ seq: n + 1, because: 'it is wrong' })),
  })
  expect(toText(verdict(20)).split('\n')).toHaveLength(21)
  expect(toText(verdict(20))).toContain('entry 20: it is wrong')
  expect(toText(verdict(21)).split('\n').slice(-2)).toEqual(['entry 20: it is wrong', '… and 1 more'])
})

const listed = { key_id: 'a', public_key: String(key.publicKey.export({ format: 'jwk' }).x) }

it.each<[what: string, text: string, sentence: string]>([
  ['no JSON', 'keys', 'holds no list of keys'],
  ['no list', '{}', 'holds no list of keys'],
  ['nothing in its list', '{"keys":[]}', 'holds no list of keys'],
  ['a key that is none', '{"keys":[{"key_id":"a","public_key":"AA"}]}', 'The key a is not an Ed25519 key'],
  ['one id twice', JSON.stringify({ keys: [listed, listed] }), 'holds a twice'],
])('a file of keys with %s is refused in words', (_what, text, sentence) => {
  expect(() => toPublicKeys(text)).toThrow(sentence)
})
