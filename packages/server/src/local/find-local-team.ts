import { asGate } from '@gatehouse/kernel/db'
import { type ListedOrg, listOrgs, type NamedOrg } from '../platform/index.ts'
import type { LocalInstance } from './local-instance.ts'
import { matchOrg } from './match-org.ts'

/** Finds the org that a command names by id, slug or name; without a name, the only one there is. */
export async function findLocalTeam(local: LocalInstance, org: string | undefined): Promise<NamedOrg> {
  const match = matchOrg(await listLocalTeams(local), org)
  switch (match.kind) {
    case 'one':
      return { id: match.org.id, name: match.org.name }
    case 'none':
      throw new Error(
        org === undefined
          ? 'There is no organisation yet'
          : `There is no organisation called ${org}. \`gatehouse orgs list\` shows those there are`,
      )
    case 'several':
      throw new Error(
        org === undefined
          ? 'There are several organisations; name one with --org'
          : `Several organisations are called ${org}; give the id of one: ` +
              match.orgs.map(({ id, name, slug }) => `${id} (${name}, ${slug})`).join(' or '),
      )
  }
}

/** Lists the orgs of the instance, by name. */
export function listLocalTeams(local: LocalInstance): Promise<readonly ListedOrg[]> {
  return asGate(local, listOrgs)
}
