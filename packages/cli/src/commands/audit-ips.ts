import { exitCodes, type Command } from '../command.ts'
import { readMoment } from '../read-moment.ts'

export const auditIps: Command = {
  name: 'audit ips',
  summary: 'List the addresses that a key called from, and had not in the 30 days before',
  description:
    "On the server's own machine; works while the server runs. For a key that may be in the wrong hands: what is listed is to be explained by somebody.\n" +
    'Calls are kept for 90 days. Fields are separated by tabs.',
  options: {
    key: {
      type: 'string',
      placeholder: 'PREFIX',
      about: 'What is shown of the key, such as ak_01234567; never the key itself',
      required: true,
    },
    since: {
      type: 'string',
      placeholder: 'TIME',
      about: 'From when on, in UTC, such as 2026-11-30T08:00:00Z',
      required: true,
    },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse audit ips --key ak_01234567 --since 2026-11-30',
    'gatehouse audit ips --key mk_4f9c2ab1 --since 2026-11-30T08:00:00Z --json',
  ],
  run: async (values, { env, folder, out, note, progress }) => {
    const prefix = String(values['key'])
    const sinceMs = readMoment('since', String(values['since']))
    const { listLocalAddresses, withLocalInstance } = await import('@gatehouse/server/local')
    const found = await withLocalInstance({ env, folder, progress }, (local) =>
      listLocalAddresses(local, { prefix, sinceMs }),
    )
    if (values['json'] === true) out(`${JSON.stringify(found)}\n`)
    else {
      out('ADDRESS\tFIRST\tLAST\tCALLS\tORGANISATION\n')
      for (const { ip, first, last, calls, orgId } of found)
        out(`${[ip, first, last, calls, orgId].join('\t')}\n`)
      if (found.length === 0) note('Every address had called before\n')
    }
    return exitCodes.done
  },
}
