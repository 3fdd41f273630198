import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { exitCodes, type Command } from '../command.ts'

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Verify an exported audit chain, without a server',
  description:
    'Exit code 0 only when the file is exactly what was written; the first faults are named, and with --json all of them.\n' +
    'The keys come from /.well-known/gatehouse-keys.json of the instance that made the export.',
  options: {
    file: { type: 'string', placeholder: 'PATH', about: 'The export, as NDJSON', required: true },
    keys: {
      type: 'string',
      placeholder: 'PATH',
      about: 'The public keys, as JSON; unset: keys.json beside the export',
    },
    anchor: {
      type: 'string',
      placeholder: 'PATH',
      about: 'Checkpoints that were kept elsewhere, one a line: the chain must still hold them',
    },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse audit verify --file export.ndjson',
    'gatehouse audit verify --file export.ndjson --keys keys.json --json',
    'gatehouse audit verify --file export.ndjson --anchor /mnt/elsewhere/anchors.ndjson',
  ],
  run: async (values, { folder, out }) => {
    const { readLines, toAnchors, toPublicKeys, toVerdictText, verifyExport } =
      await import('@gatehouse/server/offline')
    const file = resolve(folder, String(values['file']))
    const keysFile = resolve(folder, String(values['keys'] ?? join(dirname(file), 'keys.json')))
    const publicKeys = toPublicKeys(await readFile(keysFile, 'utf8'))
    const input = createReadStream(file)
    const anchors =
      values['anchor'] === undefined
        ? []
        : toAnchors(await readFile(resolve(folder, String(values['anchor'])), 'utf8'))
    const verdict = await verifyExport(readLines(input), publicKeys, { anchors })
    out(`${values['json'] === true ? JSON.stringify(verdict) : toVerdictText(verdict)}\n`)
    return verdict.intact ? exitCodes.done : exitCodes.failed
  },
}
