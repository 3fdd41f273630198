// Verifies an exported audit chain with nothing but Node.js 20 or newer:
//
//   node verify-audit.mjs export.ndjson keys.json [--anchor FILE] [--json] [--links-only]
//
// `--anchor` names a file of checkpoints that were kept elsewhere, one a line: the chain must still hold them, so that it
// was neither cut back nor written anew.
// Exit code 0: exactly what was written. 1: something is wrong, and named. 2: the command line or a file is unusable.
// `--links-only` trusts the hashes between signed checkpoints and leaves out the signature of each entry.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

export const genesisHash = '0'.repeat(64)

const entryPrefix = 'gatehouse.receipt.v1:'
const firstCheckpointPrefix = 'gatehouse.checkpoint.v1:'
const checkpointPrefix = 'gatehouse.checkpoint.v2:'
const rotationPrefix = 'gatehouse.rotation.v1:'
const rotationEvent = 'SIGNING_KEY_ROTATED'
/** An entry that says up to where retention has taken the bodies. */
export const pruningEvent = 'audit.pruned'
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
const firstCheckpointMembers = ['entry_hash', 'key_id', 'kind', 'org_id', 'seq', 'signature', 'ts']
const checkpointMembers = [...firstCheckpointMembers, 'number', 'prev_hash'].toSorted()
const rotationMembers = ['from_key_id', 'from_signature', 'to_key_id', 'to_public_key']
const nullableMembers = ['payload', 'actor_id', 'resource_type', 'resource_id', 'number', 'prev_hash']
// Retention: a body that is missing sooner was taken away by somebody else.
const keptMs = 90 * 24 * 60 * 60 * 1000
// Entries wait for a checkpoint half an hour at most before the next one may follow. The other half is for entries of one
// transaction, whose times may differ.
const uncoveredMs = 60 * 60 * 1000
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

export function toCheckpointText({ org_id, number, prev_hash, seq, entry_hash, ts, key_id }) {
  const end = `${seq}:${entry_hash}:${ts}:${key_id}`
  return (number ?? null) === null
    ? `${firstCheckpointPrefix}${org_id}:${end}`
    : `${checkpointPrefix}${org_id}:${number}:${prev_hash}:${end}`
}

/** What the next checkpoint signs of this one. */
export function toCheckpointHash(checkpoint) {
  return sha256Hex(`${toCheckpointText(checkpoint)}:${checkpoint.signature}`)
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

/** Another node may sign with the key of before until it has heard of the new one. */
const lateMs = 600_000

/** A key that a rotation has retired signs nothing that is new: whoever stole it must not go on with the chain. */
function createKeyJudge() {
  const retired = new Map()
  let newestMs = Number.NEGATIVE_INFINITY
  const judge = ({ seq, key_id }, atMs, what) => {
    const by = retired.get(key_id)
    const because = `${what} is signed by the key ${key_id}, which entry ${by?.seq} had retired`
    return atMs > by?.atMs + lateMs ? [{ seq, because }] : []
  }
  return {
    takeEntry: (entry, isGood) => {
      const atMs = Date.parse(entry.ts)
      // Its own time may be a lie; what stands before it was written before it.
      newestMs = Math.max(newestMs, atMs)
      const faults = judge(entry, newestMs, 'it')
      const isRotation = entry.event_type === rotationEvent && entry.payload !== null && isGood
      const from = isRotation ? parseObject(entry.payload).detail.from_key_id : undefined
      if (isRotation && !retired.has(from)) retired.set(from, { seq: entry.seq, atMs })
      return faults
    },
    finish: (checkpoints) =>
      checkpoints.flatMap((checkpoint) => judge(checkpoint, Date.parse(checkpoint.ts), 'its checkpoint')),
  }
}

/**
 * Judges a chain as it is read: first its checkpoints, then its entries, then `finish`. With `signedEnd` the newest
 * checkpoint must cover the last entry, as that of an export does.
 */
export function createChainJudge(
  publicKeys,
  { withSignatures = true, signedEnd = false, anchors = [], after = { seq: 0, entryHash: genesisHash } } = {},
) {
  const checkpoints = new Map()
  const pending = new Set(anchors)
  const toPlace = ({ org_id, seq }) => `${org_id} ${seq}`
  const anchorsOf = new Map()
  for (const anchor of anchors)
    anchorsOf.set(toPlace(anchor), [...(anchorsOf.get(toPlace(anchor)) ?? []), anchor])
  let last
  let numbered = 0
  let signedUntil = Number.NEGATIVE_INFINITY
  const missing = new Set()
  const bodies = createBodyJudge()
  const keys = createKeyJudge()
  const seen = []
  // Of the entries since the newest checkpoint that was met: when the first was written; never again once one came too late.
  let waitingSinceMs = Number.NaN
  const faults = []
  let previous = { ...after, orgId: undefined }
  let entries = 0
  let newest = 0
  return {
    takeCheckpoint: (checkpoint) => {
      faults.push(...judgeCheckpoint(checkpoint, publicKeys))
      if (checkpoints.has(checkpoint.seq))
        faults.push({ seq: checkpoint.seq, because: 'it has two checkpoints' })
      else if (checkpoint.seq < newest)
        faults.push({ seq: checkpoint.seq, because: 'its checkpoint stands behind a later one' })
      faults.push(...judgeOrder(last, numbered, checkpoint))
      seen.push(checkpoint)
      numbered = checkpoint.number ?? numbered + 1
      last = checkpoint
      signedUntil = Math.max(signedUntil, Date.parse(checkpoint.ts))
      checkpoints.set(checkpoint.seq, checkpoint)
      newest = Math.max(newest, checkpoint.seq)
    },
    takeEntry: (entry) => {
      const wrong = judgeEntry(previous, entry, publicKeys, { withSignature: withSignatures })
      faults.push(...wrong, ...keys.takeEntry(entry, wrong.length === 0))
      const checkpoint = checkpoints.get(entry.seq)
      const atMs = Date.parse(entry.ts)
      if (Number.isNaN(waitingSinceMs)) waitingSinceMs = atMs
      if (atMs - waitingSinceMs > uncoveredMs) {
        faults.push({ seq: entry.seq, because: 'no checkpoint was signed for an hour before it' })
        waitingSinceMs = Number.POSITIVE_INFINITY
      }
      if (checkpoint !== undefined) {
        waitingSinceMs = Number.NaN
        checkpoints.delete(entry.seq)
        if (checkpoint.entry_hash !== entry.entry_hash || checkpoint.org_id !== entry.org_id)
          faults.push({ seq: entry.seq, because: 'it is not the entry that its checkpoint signed' })
      }
      for (const anchor of anchorsOf.get(toPlace(entry)) ?? []) {
        pending.delete(anchor)
        faults.push(...judgeCheckpoint(anchor, publicKeys))
        if (anchor.entry_hash !== entry.entry_hash)
          faults.push({ seq: entry.seq, because: 'it is not the entry that its anchor signed' })
      }
      if (entry.payload === null && atMs > signedUntil - keptMs) missing.add(entry.seq)
      else if (entry.payload === null) bodies.takeMissing(entry)
      if (entry.event_type === pruningEvent) faults.push(...bodies.takePruning(entry))
      // The body of every entry goes when its organisation is erased, and those about a person when that person is.
      if (entry.event_type === 'org.erased') {
        missing.clear()
        bodies.forgive()
      }
      if (entry.event_type === 'OPERATOR_ERASED') for (const seq of listErased(entry)) missing.delete(seq)
      previous = { seq: entry.seq, entryHash: entry.entry_hash, orgId: entry.org_id }
      entries += 1
    },
    finish: () => {
      for (const seq of checkpoints.keys())
        faults.push({ seq, because: 'a checkpoint signed this entry, and it is missing' })
      if (entries === 0)
        faults.push({ seq: 0, because: 'the chain is empty, and every chain has a first entry' })
      const [missingFrom] = missing
      if (missingFrom !== undefined)
        faults.push({ seq: missingFrom, because: 'its payload is missing, before 90 days have passed' })
      faults.push(...bodies.finish(), ...keys.finish(seen))
      for (const anchor of pending)
        if (previous.orgId === undefined || anchor.org_id === previous.orgId)
          faults.push({ seq: anchor.seq, because: 'an anchor signed this entry, and it is missing' })
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

/**
 * Holds the bodies that are missing since long against what prunings say of them: each says that up to an entry, whatever
 * was written up to a time has no body any more. A chain in which no pruning ever said anything is from before they did.
 */
function createBodyJudge() {
  // Neighbours in the order of time are one stretch, so that memory stays flat.
  const stretches = []
  const prunings = []
  let hasPrunings = false
  return {
    takeMissing: ({ seq, ts }) => {
      const atMs = Date.parse(ts)
      const last = stretches.at(-1)
      if (last !== undefined && seq === last.toSeq + 1 && atMs >= last.untilMs) {
        last.toSeq = seq
        last.untilMs = atMs
      } else stretches.push({ toSeq: seq, untilMs: atMs })
    },
    takePruning: ({ seq, ts, payload }) => {
      hasPrunings = true
      if (payload === null) return []
      const { to_seq: toSeq, through } = parseObject(payload)?.detail ?? {}
      const throughMs = typeof through === 'string' ? Date.parse(through) : Number.NaN
      if (!Number.isSafeInteger(toSeq) || toSeq >= seq || Number.isNaN(throughMs))
        return [{ seq, because: 'it does not say which bodies were pruned' }]
      if (throughMs > Date.parse(ts) - keptMs)
        return [{ seq, because: 'it pruned bodies before 90 days had passed' }]
      prunings.push({ toSeq, throughMs })
      return []
    },
    forgive: () => void stretches.splice(0),
    finish: () => {
      if (!hasPrunings) return []
      return stretches
        .filter(
          ({ toSeq, untilMs }) => !prunings.some((one) => toSeq <= one.toSeq && untilMs <= one.throughMs),
        )
        .map(({ toSeq: seq }) => ({
          seq,
          because: 'its payload is missing, and no entry says that it was pruned',
        }))
    },
  }
}

/** Which entries before it an erasure says that it took the bodies of: `1-5 7 9-12`. */
function* listErased({ seq: erasedAt, payload }) {
  const named = (payload === null ? undefined : parseObject(payload))?.detail?.entries
  if (typeof named !== 'string') return
  for (const range of named.split(' ')) {
    const [, from, to = from] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(range) ?? []
    for (let seq = Number(from); seq <= Math.min(Number(to), erasedAt); seq += 1) yield seq
  }
}

/** Whether this checkpoint follows that one; `numbered` is how many there have been. */
function judgeOrder(before, numbered, checkpoint) {
  const fault = (because) => [{ seq: checkpoint.seq, because }]
  const { number = null, prev_hash: prevHash } = checkpoint
  if (number === null) return (before?.number ?? null) === null ? [] : fault('its checkpoint has no number')
  if (number > numbered + 1) return fault(`checkpoint ${numbered + 1} should come, but ${number} does`)
  if (number <= numbered) return fault(`its checkpoint has the number ${number} of one before it`)
  return prevHash === (before === undefined ? genesisHash : toCheckpointHash(before))
    ? []
    : fault('its checkpoint does not point to the one before it')
}

/** Reads checkpoints that were kept elsewhere, one a line. */
export function toAnchors(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) throw new Error('The file of anchors holds no checkpoint')
  return lines.map((line, index) => {
    try {
      const value = parseLine(line)
      if (value.kind === 'checkpoint') return value
    } catch (error) {
      throw new Error(`Line ${index + 1} of the file of anchors: ${error.message}`, { cause: error })
    }
    throw new Error(`Line ${index + 1} of the file of anchors is no checkpoint`)
  })
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
  const faults = [...unreadable, ...report.faults]
  return { ...report, intact: faults.length === 0, faults }
}

function parseLine(text) {
  const value = JSON.parse(text)
  // Written again it must be the same text: a repeated member or another spelling would hide what others read.
  if (JSON.stringify(value) !== text) throw new Error('it is not spelled as it was written')
  const ofCheckpoint = Object.hasOwn(value, 'number') ? checkpointMembers : firstCheckpointMembers
  const members = value.kind === 'checkpoint' ? ofCheckpoint : entryMembers
  if (Object.keys(value).toSorted().join() !== members.join())
    throw new Error('it has other members than a line has')
  for (const member of members) {
    const nullable = nullableMembers.includes(member)
    const kind = member === 'seq' || member === 'number' ? 'number' : 'string'
    if (typeof value[member] !== kind && !(nullable && value[member] === null))
      throw new Error(`its member ${member} is not a ${kind}`)
  }
  return value
}

async function main(args) {
  const at = args.indexOf('--anchor')
  const anchorFile = at === -1 ? undefined : args[at + 1]
  const others = at === -1 ? args : args.toSpliced(at, 2)
  const flags = others.filter((arg) => arg.startsWith('--'))
  const [exportFile, keysFile, ...rest] = others.filter((arg) => !arg.startsWith('--'))
  const isKnown = flags.every((flag) => flag === '--json' || flag === '--links-only')
  if (
    exportFile === undefined ||
    keysFile === undefined ||
    rest.length > 0 ||
    !isKnown ||
    (at !== -1 && anchorFile === undefined)
  ) {
    process.stderr.write(
      'usage: node verify-audit.mjs export.ndjson keys.json [--anchor FILE] [--json] [--links-only]\n',
    )
    return 2
  }
  try {
    const publicKeys = toPublicKeys(await readFile(keysFile, 'utf8'))
    const lines = readLines(createReadStream(exportFile))
    const anchors = anchorFile === undefined ? [] : toAnchors(await readFile(anchorFile, 'utf8'))
    const withSignatures = !flags.includes('--links-only')
    const report = await verifyExport(lines, publicKeys, { withSignatures, anchors })
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
