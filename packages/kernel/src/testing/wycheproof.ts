import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** Project Wycheproof's files as they lie beside the checkout, where they do; they are not part of it. */
const folder = fileURLToPath(new URL('../../../../../shared/data/vectors/', import.meta.url))

export const isWycheproofMissing = !existsSync(folder)
if (isWycheproofMissing) process.stderr.write(`Project Wycheproof is not tried: its vectors are not there\n`)

/** The groups of one file, such as `hmac_sha256_test`; the schema of each says what they hold. */
export function readWycheproof(name: string): unknown {
  const text = gunzipSync(readFileSync(`${folder}${name}.json.gz`)).toString('utf8')
  // Safe: every published file has groups.
  return (JSON.parse(text) as { readonly testGroups: unknown }).testGroups
}
