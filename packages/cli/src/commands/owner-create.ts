import { exitCodes, type Command, UsageError } from '../command.ts'
import { readPassword } from '../read-password.ts'

export const ownerCreate: Command = {
  name: 'owner create',
  summary: 'Create a person and an organisation that they own',
  description:
    "For scripts on the server's own machine; works while the server runs. The password comes from standard input.",
  options: {
    email: { type: 'string', placeholder: 'ADDRESS', about: 'Their e-mail address', required: true },
    org: { type: 'string', placeholder: 'NAME', about: 'Name of the organisation', required: true },
    name: { type: 'string', placeholder: 'NAME', about: 'Their name; default: the address up to the @' },
    'password-stdin': { type: 'boolean', about: 'Read the password from standard input (required)' },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse owner create --email ann@example.com --org Acme --password-stdin < password.txt',
    'pass show gatehouse | gatehouse owner create --email ann@example.com --org Acme --password-stdin --json',
  ],
  run: async (values, terminal) => {
    if (values['password-stdin'] !== true) throw new UsageError('--password-stdin is required')
    const { createLocalOwner, withLocalInstance } = await import('@gatehouse/server/local')
    const { env, folder, progress, out } = terminal
    const request = {
      email: String(values['email']),
      orgName: String(values['org']),
      name: values['name'] === undefined ? undefined : String(values['name']),
      password: await readPassword(terminal),
    }
    const { user, team } = await withLocalInstance({ env, folder, progress }, (local) =>
      createLocalOwner(local, request),
    )
    out(
      values['json'] === true
        ? `${JSON.stringify({ user, team })}\n`
        : `${user.email} owns ${team.name} (${team.id})\n`,
    )
    return exitCodes.done
  },
}
