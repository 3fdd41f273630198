import { exitCodes, type Command } from '../command.ts'

export const keysCreate: Command = {
  name: 'keys create',
  summary: 'Create an API key and print it, this once',
  description:
    "For scripts on the server's own machine; works while the server runs. Only the key goes to standard output.",
  options: {
    service: {
      type: 'string',
      placeholder: 'NAME',
      about: 'The service that it opens, such as uptime',
      required: true,
    },
    scopes: {
      type: 'string',
      placeholder: 'LIST',
      about:
        'read, write, or scopes of the service such as monitors:read, separated by commas; without it, what the service gives by default',
    },
    name: { type: 'string', placeholder: 'NAME', about: 'What people call the key', required: true },
    org: {
      type: 'string',
      placeholder: 'ORG',
      about: 'Id, slug or name; not needed while there is only one',
    },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse keys create --service uptime --name ci',
    'gatehouse keys create --service uptime --scopes monitors:read --name board --org acme --json',
  ],
  run: async (values, { env, folder, out, note, progress }) => {
    const { createLocalKey, withLocalInstance } = await import('@gatehouse/server/local')
    const request = {
      service: String(values['service']),
      scopes: values['scopes'] === undefined ? undefined : toScopes(String(values['scopes'])),
      name: String(values['name']),
      org: values['org'] === undefined ? undefined : String(values['org']),
    }
    const created = await withLocalInstance({ env, folder, progress }, (local) =>
      createLocalKey(local, request),
    )
    if (values['json'] === true) out(`${JSON.stringify(created)}\n`)
    else {
      out(`${created.apiKey.key}\n`)
      note(`This key of ${created.team.name} is shown once: ${created.apiKey.scopes.join(', ')}\n`)
    }
    return exitCodes.done
  },
}

function toScopes(list: string): readonly string[] {
  return list
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '')
}
