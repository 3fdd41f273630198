import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { dataFolder } from './data-folder.ts'

/** Project Wycheproof's files; they are not part of the project. */
const folder = dataFolder('vectors')

export const isWycheproofMissing = !existsSync(folder)
if (isWycheproofMissing) process.stderr.write(`Project Wycheproof is not tried: its vectors are not there\n`)

/** The groups of one file, such as `hmac_sha256_test`; the schema of each says what they hold. */
export function readWycheproof(name: string): unknown {
  const text = gunzipSync(readFileSync(join(folder, `${name}.json.gz`))).toString('utf8')
  // Safe: every published file has groups.
  return (JSON.parse(text) as { readonly testGroups: unknown }).testGroups
}
