import { exitCodes, type Command } from '../command.ts'

export const orgsList: Command = {
  name: 'orgs list',
  summary: 'List the organisations of this instance',
  description: "On the server's own machine; works while the server runs. Fields are separated by tabs.",
  options: { json: { type: 'boolean', about: 'Print JSON' } },
  examples: ['gatehouse orgs list', 'gatehouse orgs list --json'],
  run: async ({ json }, { env, folder, out, progress }) => {
    const { listLocalTeams, withLocalInstance } = await import('@gatehouse/server/local')
    const orgs = (await withLocalInstance({ env, folder, progress }, listLocalTeams)).map(
      ({ createdAtMs, suspendedAtMs, ...org }) => ({
        ...org,
        createdAt: new Date(createdAtMs).toISOString(),
        suspendedAt: suspendedAtMs === null ? null : new Date(suspendedAtMs).toISOString(),
      }),
    )
    if (json === true) out(`${JSON.stringify(orgs)}\n`)
    else
      out(
        [
          ['ID', 'SLUG', 'NAME', 'CREATED', 'STATE'],
          ...orgs.map(({ id, slug, name, createdAt, suspendedAt }) => [
            id,
            slug,
            name,
            createdAt,
            suspendedAt === null ? 'active' : 'suspended',
          ]),
        ]
          .map((row) => `${row.join('\t')}\n`)
          .join(''),
      )
    return exitCodes.done
  },
}
