import { exitCodes, type Command } from '../command.ts'

export const resetLink: Command = {
  name: 'reset-link',
  summary: 'Print a one-time link with which a person sets a new password',
  description:
    'For whoever is locked out where no mail can carry the link. It works once, for an hour, and replaces the one before; second factors stay.',
  options: {
    email: { type: 'string', placeholder: 'ADDRESS', about: 'Their e-mail address', required: true },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: [
    'gatehouse reset-link --email ann@example.com',
    'gatehouse reset-link --email ann@example.com --json',
  ],
  run: async ({ email, json }, { env, folder, out, progress }) => {
    const { createLocalResetLink, withLocalInstance } = await import('@gatehouse/server/local')
    const { url, expiresAt } = await withLocalInstance({ env, folder, progress }, (local) =>
      createLocalResetLink(local, String(email)),
    )
    out(json === true ? `${JSON.stringify({ url, expiresAt })}\n` : `${url}\n`)
    return exitCodes.done
  },
}
