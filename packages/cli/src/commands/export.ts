import { resolve } from 'node:path'
import { exitCodes, type Command } from '../command.ts'

export const exportOrg: Command = {
  name: 'export',
  summary: 'Write everything of an organisation to a file',
  description:
    "On the server's own machine; works while the server runs. The file is a gzipped tar: JSON lines for each table, the\n" +
    'audit chain with what verifies it offline, and a manifest. Secrets are left out. A file that is there is kept.',
  options: {
    org: { type: 'string', placeholder: 'ORG', about: 'Id, slug or name', required: true },
    out: { type: 'string', placeholder: 'FILE', about: 'Where to write it', required: true },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse export --org acme --out acme.tar.gz',
    'gatehouse export --org acme --out acme.tar.gz --json',
  ],
  run: async (values, { env, folder, out, progress }) => {
    const { exportLocalTeam, withLocalInstance } = await import('@gatehouse/server/local')
    const request = { org: String(values['org']), file: resolve(folder, String(values['out'])) }
    const exported = await withLocalInstance({ env, folder, progress }, (local) =>
      exportLocalTeam(local, request),
    )
    out(
      values['json'] === true
        ? `${JSON.stringify(exported)}\n`
        : `${exported.team.name} is in ${exported.file} (${exported.bytes} bytes)\n`,
    )
    return exitCodes.done
  },
}
