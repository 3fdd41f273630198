import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { exitCodes, type Command } from '../command.ts'

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Verify an exported audit chain, without a server',
  description:
    'Exit code 0 only when the file is exactly what was written; every fault is named. The keys come from\n' +
    '/.well-known/gatehouse-keys.json of the instance that made the export.',
  options: {
    file: { type: 'string', placeholder: 'PATH', about: 'The export, as NDJSON', required: true },
    keys: { type: 'string', placeholder: 'PATH', about: 'The public keys, as JSON', required: true },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: ['gatehouse audit verify --file export.ndjson --keys keys.json --json'],
  run: async (values, { folder, out }) => {
    const { toPublicKeys, toVerdictText, verifyExport } = await import('@gatehouse/server/local')
    const publicKeys = toPublicKeys(await readFile(resolve(folder, String(values['keys'])), 'utf8'))
    const input = createReadStream(resolve(folder, String(values['file'])))
    const verdict = await verifyExport(createInterface({ input, crlfDelay: Infinity }), publicKeys)
    out(`${values['json'] === true ? JSON.stringify(verdict) : toVerdictText(verdict)}\n`)
    return verdict.intact ? exitCodes.done : exitCodes.failed
  },
}
