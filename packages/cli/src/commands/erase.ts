import { exitCodes, type Command } from '../command.ts'

export const eraseOrg: Command = {
  name: 'erase',
  summary: 'Erase an organisation at once and for good',
  description:
    "On the server's own machine; works while the server runs. Its keys and sessions die within a second, then every row\n" +
    'of it goes; of its audit chain the hashes stay. What was interrupted goes on when the command is given again.',
  options: {
    org: { type: 'string', placeholder: 'ORG', about: 'Id, slug or name', required: true },
    confirm: { type: 'string', placeholder: 'ID', about: 'Its id, once more', required: true },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse erase --org 7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d --confirm 7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d',
    'gatehouse erase --org acme --confirm 7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d --json',
  ],
  run: async (values, { env, folder, out, progress }) => {
    const { eraseLocalTeam, withLocalInstance } = await import('@gatehouse/server/local')
    const request = { org: String(values['org']), confirm: String(values['confirm']) }
    const erased = await withLocalInstance({ env, folder, progress }, (local) =>
      eraseLocalTeam(local, request),
    )
    out(
      values['json'] === true
        ? `${JSON.stringify(erased)}\n`
        : `${erased.team.name} is gone: ${erased.rows} rows were erased\n`,
    )
    return exitCodes.done
  },
}
