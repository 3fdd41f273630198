// Verifies an exported audit chain with nothing but Node.js 20 or newer:
//
//   node verify-audit.mjs export.ndjson keys.json [--json] [--links-only]
//
// Exit code 0: exactly what was written. 1: something is wrong, and named. 2: the command line or a file is unusable.
// `--links-only` trusts the hashes between signed checkpoints and leaves out the signature of each entry.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

export const genesisHash = '0'.repeat(64)

const entryPrefix = 'gatehouse.receipt.v1:'
const checkpointPrefix = 'gatehouse.checkpoint.v1:'
const rotationPrefix = 'gatehouse.rotation.v1:'
const rotationEvent = 'SIGNING_KEY_ROTATED'
const entryMembers = [
  'actor_id',
  'entry_hash',
  'event_type',
  'key_id',
  'org_id',
  'payload',
  'payload_hash',
  'prev_hash',
  'resource_id',
  'resource_type',
  'seq',
  'signature',
  'ts',
]
const checkpointMembers = ['entry_hash', 'key_id', 'kind', 'org_id', 'seq', 'signature', 'ts']
const rotationMembers = ['from_key_id', 'from_signature', 'to_key_id', 'to_public_key']
const faultsShownMax = 20
const lineFeed = 0x0a
// Lenient decoding shows several sequences of bytes as the same text, and so would hide a change.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function sha256Hex(text) {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** RFC 8785 of a link, whose members are known: text, one whole number and `v`. */
export function toLinkText(link) {
  return (
    `{"event_type":${JSON.stringify(link.event_type)},"key_id":${JSON.stringify(link.key_id)}` +
    `,"org_id":${JSON.stringify(link.org_id)},"payload_hash":${JSON.stringify(link.payload_hash)}` +
    `,"prev_hash":${JSON.stringify(link.prev_hash)},"seq":${JSON.stringify(link.seq)}` +
    `,"ts":${JSON.stringify(link.ts)},"v":1}`
  )
}

export function toEntryText(entryHash) {
  return entryPrefix + entryHash
}

export function toCheckpointText({ org_id, seq, entry_hash, ts, key_id }) {
  return `${checkpointPrefix}${org_id}:${seq}:${entry_hash}:${ts}:${key_id}`
}

/** What the retiring key signs when a new one takes over: who follows whom, and in which chain. */
export function toRotationText({ org_id, from_key_id, to_key_id, to_public_key }) {
  return `${rotationPrefix}${org_id}:${from_key_id}:${to_key_id}:${to_public_key}`
}

/** Whether the signature fits, in the one spelling that base64url has for it: a spare bit may not hide a change. */
export function isSignature(publicKey, text, signature) {
  const bytes = Buffer.from(signature, 'base64url')
  return (
    bytes.toString('base64url') === signature &&
    verify(null, typeof text === 'string' ? Buffer.from(text, 'utf8') : text, publicKey, bytes)
  )
}

/** Everything wrong with `entry` as the successor of `previous`; empty when nothing is. */
export function judgeEntry(previous, entry, publicKeys, { withSignature = true } = {}) {
  const faults = []
  const fault = (because) => void faults.push({ seq: entry.seq, because })
  if (entry.seq !== previous.seq + 1) fault(`entry ${previous.seq + 1} should follow, but ${entry.seq} does`)
  if (entry.prev_hash !== previous.entryHash) fault('it does not point to the entry before it')
  if (previous.orgId !== undefined && entry.org_id !== previous.orgId)
    fault('it belongs to the chain of another organisation')
  if (entry.payload === null) judgePruned(entry, fault)
  else judgePayload(entry, publicKeys, fault)
  if (sha256Hex(toLinkText(entry)) !== entry.entry_hash) fault('its link was changed after it was written')
  const publicKey = publicKeys.get(entry.key_id)
  if (publicKey === undefined) fault(`it is signed by the unknown key ${entry.key_id}`)
  else if (withSignature && !isSignature(publicKey, toEntryText(entry.entry_hash), entry.signature))
    fault('its signature does not fit')
  return faults
}

function judgePruned(entry, fault) {
  for (const column of ['actor_id', 'resource_type', 'resource_id'])
    if (entry[column] !== null) fault(`its column ${column} has no payload to be held against`)
}

function judgePayload(entry, publicKeys, fault) {
  // Half a surrogate pair is hashed like U+FFFD, and the server never writes one.
  if (!entry.payload.isWellFormed() || sha256Hex(entry.payload) !== entry.payload_hash)
    return fault('its payload was changed after it was written')
  const body = parseObject(entry.payload)
  if (body === undefined) return fault('its payload is not a JSON object')
  for (const column of ['event_type', 'actor_id', 'resource_type', 'resource_id'])
    if ((body[column] ?? null) !== entry[column]) fault(`its column ${column} differs from its payload`)
  if (entry.event_type === rotationEvent) judgeRotation(entry, body.detail ?? {}, publicKeys, fault)
}

function parseObject(text) {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function judgeRotation(entry, detail, publicKeys, fault) {
  if (rotationMembers.some((member) => typeof detail[member] !== 'string'))
    return fault('it does not say which key follows which')
  const retired = publicKeys.get(detail.from_key_id)
  const text = toRotationText({ ...detail, org_id: entry.org_id })
  if (detail.to_key_id !== entry.key_id) fault('the new key that it names did not sign it')
  if (publicKeys.get(entry.key_id)?.export({ format: 'jwk' }).x !== detail.to_public_key)
    fault('the new key that it names is not the published one')
  if (retired === undefined) fault(`it retires the unknown key ${detail.from_key_id}`)
  else if (!isSignature(retired, text, detail.from_signature))
    fault('the signature of the key that it retires does not fit')
}

export function judgeCheckpoint(checkpoint, publicKeys) {
  const publicKey = publicKeys.get(checkpoint.key_id)
  if (publicKey === undefined)
    return [
      { seq: checkpoint.seq, because: `its checkpoint is signed by the unknown key ${checkpoint.key_id}` },
    ]
  return isSignature(publicKey, toCheckpointText(checkpoint), checkpoint.signature)
    ? []
    : [{ seq: checkpoint.seq, because: 'the signature of its checkpoint does not fit' }]
}

/**
 * Judges a chain as it is read: first its checkpoints, then its entries, then `finish`. With `signedEnd` the newest
 * checkpoint must cover the last entry, as that of an export does.
 */
export function createChainJudge(publicKeys, { withSignatures = true, signedEnd = false } = {}) {
  const checkpoints = new Map()
  const faults = []
  let previous = { seq: 0, entryHash: genesisHash, orgId: undefined }
  let entries = 0
  let newest = 0
  return {
    takeCheckpoint: (checkpoint) => {
      faults.push(...judgeCheckpoint(checkpoint, publicKeys))
      if (checkpoints.has(checkpoint.seq))
        faults.push({ seq: checkpoint.seq, because: 'it has two checkpoints' })
      else if (checkpoint.seq < newest)
        faults.push({ seq: checkpoint.seq, because: 'its checkpoint stands behind a later one' })
      checkpoints.set(checkpoint.seq, checkpoint)
      newest = Math.max(newest, checkpoint.seq)
    },
    takeEntry: (entry) => {
      faults.push(...judgeEntry(previous, entry, publicKeys, { withSignature: withSignatures }))
      const checkpoint = checkpoints.get(entry.seq)
      if (checkpoint !== undefined) {
        checkpoints.delete(entry.seq)
        if (checkpoint.entry_hash !== entry.entry_hash || checkpoint.org_id !== entry.org_id)
          faults.push({ seq: entry.seq, because: 'it is not the entry that its checkpoint signed' })
      }
      previous = { seq: entry.seq, entryHash: entry.entry_hash, orgId: entry.org_id }
      entries += 1
    },
    finish: () => {
      for (const seq of checkpoints.keys())
        faults.push({ seq, because: 'a checkpoint signed this entry, and it is missing' })
      if (signedEnd && newest < previous.seq)
        faults.push({ seq: previous.seq, because: 'no checkpoint signed the end of the chain' })
      return {
        intact: faults.length === 0,
        entries,
        headSeq: previous.seq,
        headHash: previous.entryHash,
        faults,
      }
    },
  }
}

/** Reads the key list of `/.well-known/gatehouse-keys.json`. */
export function toPublicKeys(text) {
  const keys = parseObject(text)?.keys
  if (!Array.isArray(keys) || keys.length === 0) throw new Error('The file of keys holds no list of keys')
  const publicKeys = new Map()
  for (const listed of keys) {
    const { key_id, public_key } = listed ?? {}
    if (publicKeys.has(key_id)) throw new Error(`The file of keys holds ${key_id} twice`)
    publicKeys.set(key_id, toPublicKey(key_id, public_key))
  }
  return publicKeys
}

function toPublicKey(keyId, text) {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' })
  } catch (error) {
    throw new Error(`The key ${keyId} is not an Ed25519 key`, { cause: error })
  }
}

/** The lines of a stream of bytes, as they are: an export ends each with a line feed, and with nothing else. */
export async function* readLines(chunks) {
  let begun = []
  for await (const chunk of chunks) {
    let from = 0
    for (let to = chunk.indexOf(lineFeed); to !== -1; to = chunk.indexOf(lineFeed, from)) {
      yield begun.length === 0
        ? chunk.subarray(from, to)
        : Buffer.concat([...begun, chunk.subarray(from, to)])
      begun = []
      from = to + 1
    }
    if (from < chunk.length) begun.push(chunk.subarray(from))
  }
  if (begun.length > 0) yield Buffer.concat(begun)
}

/** Judges the lines of an export, as bytes or as text. A line that cannot be read is a fault of its own. */
export async function verifyExport(lines, publicKeys, options = {}) {
  const judge = createChainJudge(publicKeys, { ...options, signedEnd: true })
  const unreadable = []
  let number = 0
  let entriesBegan = false
  for await (const line of lines) {
    number += 1
    try {
      const value = parseLine(typeof line === 'string' ? line : utf8.decode(line))
      if (value.kind !== 'checkpoint') {
        entriesBegan = true
        judge.takeEntry(value)
      } else if (entriesBegan) throw new Error('a checkpoint stands behind an entry')
      else judge.takeCheckpoint(value)
    } catch (error) {
      unreadable.push({ seq: null, because: `line ${number}: ${error.message}` })
    }
  }
  const report = judge.finish()
  if (report.entries === 0) unreadable.push({ seq: null, because: 'there is no entry' })
  const faults = [...unreadable, ...report.faults]
  return { ...report, intact: faults.length === 0, faults }
}

function parseLine(text) {
  const value = JSON.parse(text)
  // Written again it must be the same text: a repeated member or another spelling would hide what others read.
  if (JSON.stringify(value) !== text) throw new Error('it is not spelled as it was written')
  const members = value.kind === 'checkpoint' ? checkpointMembers : entryMembers
  if (Object.keys(value).toSorted().join() !== members.join())
    throw new Error('it has other members than a line has')
  for (const member of members) {
    const nullable = ['payload', 'actor_id', 'resource_type', 'resource_id'].includes(member)
    const kind = member === 'seq' ? 'number' : 'string'
    if (typeof value[member] !== kind && !(nullable && value[member] === null))
      throw new Error(`its member ${member} is not a ${kind}`)
  }
  return value
}

async function main(args) {
  const flags = args.filter((arg) => arg.startsWith('--'))
  const [exportFile, keysFile, ...rest] = args.filter((arg) => !arg.startsWith('--'))
  const isKnown = flags.every((flag) => flag === '--json' || flag === '--links-only')
  if (exportFile === undefined || keysFile === undefined || rest.length > 0 || !isKnown) {
    process.stderr.write('usage: node verify-audit.mjs export.ndjson keys.json [--json] [--links-only]\n')
    return 2
  }
  try {
    const publicKeys = toPublicKeys(await readFile(keysFile, 'utf8'))
    const lines = readLines(createReadStream(exportFile))
    const report = await verifyExport(lines, publicKeys, { withSignatures: !flags.includes('--links-only') })
    process.stdout.write(`${flags.includes('--json') ? JSON.stringify(report) : toText(report)}\n`)
    return report.intact ? 0 : 1
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    return 2
  }
}

export function toText({ intact, entries, headHash, faults }) {
  if (intact) return `Intact: ${entries} entries, up to ${headHash}`
  const sentences = faults
    .slice(0, faultsShownMax)
    .map(({ seq, because }) => (seq === null ? because : `entry ${seq}: ${because}`))
  const more = faults.length > faultsShownMax ? [`… and ${faults.length - faultsShownMax} more`] : []
  return [`Not intact. Entries: ${entries}, faults: ${faults.length}`, ...sentences, ...more].join('\n')
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2))
