import { exitCodes, type Command } from '../command.ts'

export const ownerLink: Command = {
  name: 'owner link',
  summary: 'Print a new one-time link for the first owner',
  description:
    'The link works once, for 24 hours, and replaces the one before. It can be made only while nobody has an account.',
  options: { json: { type: 'boolean', about: 'Print JSON' } },
  examples: ['gatehouse owner link', 'gatehouse owner link --json'],
  run: async ({ json }, { env, folder, out, progress }) => {
    const { createLocalOwnerLink, withLocalInstance } = await import('@gatehouse/server/local')
    const { url, expiresAt } = await withLocalInstance({ env, folder, progress }, createLocalOwnerLink)
    out(json === true ? `${JSON.stringify({ url, expiresAt })}\n` : `${url}\n`)
    return exitCodes.done
  },
}
