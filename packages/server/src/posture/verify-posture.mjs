// Verifies what an instance says of its security with nothing but Node.js 20 or newer:
//
//   node verify-posture.mjs posture.json gatehouse-keys.json
//
// `posture.json` is what `/.well-known/posture.json` answered, or the history of one claim; the keys are
// `/.well-known/gatehouse-keys.json`, best kept from an earlier day.
// Exit code 0: every signature fits. 1: something was changed, and is named. 2: a file is unusable.
import { createPublicKey, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const prefix = 'gatehouse.posture.v1:'

/** RFC 8785: members in the order of their UTF-16 code units, and numbers as ECMAScript writes them. */
export function toCanonicalText(value) {
  if (Array.isArray(value)) return `[${value.map(toCanonicalText).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((name) => `${JSON.stringify(name)}:${toCanonicalText(value[name])}`)
  return `{${members.join(',')}}`
}

/** What is signed of a record or a set: all of it but its signature. */
export function toSignedText({ signature: _signature, ...signed }) {
  return prefix + toCanonicalText(signed)
}

/** Why the signature of a record or a set does not hold; undefined where it does. */
export function judgeSigned(record, publicKeys) {
  const key = publicKeys.get(record.key_id)
  if (key === undefined) return `it is signed by the unknown key ${record.key_id}`
  const bytes = Buffer.from(String(record.signature), 'base64url')
  // One spelling alone: a spare bit may not hide a change.
  const fits =
    bytes.toString('base64url') === record.signature &&
    verify(null, Buffer.from(toSignedText(record), 'utf8'), key, bytes)
  return fits ? undefined : 'its signature does not fit'
}

/** Everything wrong with a set or a history; empty when nothing is. */
export function judgePosture(document, publicKeys) {
  const faults = []
  const fault = (of, because) => {
    if (because !== undefined) faults.push({ of, because })
  }
  fault('the set', judgeSigned(document, publicKeys))
  for (const claim of document.claims ?? []) {
    const { evidence } = claim
    if (evidence === null || evidence === undefined) continue
    fault(claim.id, judgeSigned(evidence, publicKeys))
    if (evidence.claim !== claim.id) fault(claim.id, `its evidence is of ${evidence.claim}`)
  }
  for (const evidence of document.history ?? []) fault(evidence.id, judgeSigned(evidence, publicKeys))
  return faults
}

/** The keys of `/.well-known/gatehouse-keys.json`, by id. */
export function toPublicKeys({ keys }) {
  return new Map(
    keys.map(({ key_id: id, public_key: x }) => [
      id,
      createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
    ]),
  )
}

function say(stream, text) {
  stream.write(`${text}\n`)
}

async function main([file, keysFile]) {
  if (file === undefined || keysFile === undefined) {
    say(process.stderr, 'Usage: node verify-posture.mjs posture.json gatehouse-keys.json')
    return 2
  }
  let document
  let publicKeys
  try {
    document = JSON.parse(await readFile(file, 'utf8'))
    publicKeys = toPublicKeys(JSON.parse(await readFile(keysFile, 'utf8')))
  } catch (error) {
    say(process.stderr, error.message)
    return 2
  }
  const faults = judgePosture(document, publicKeys)
  for (const { of, because } of faults) say(process.stderr, `${of}: ${because}`)
  if (faults.length > 0) return 1
  say(
    process.stdout,
    `Every signature fits: ${(document.claims ?? document.history ?? []).length} claims or results`,
  )
  return 0
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2))
