import type { Service } from '../define-service.ts'
import type { AgedRow } from './aged-row.ts'
import type { Canary, CanaryRow } from './canary.ts'

/**
 * Makes something through the API with a key of the service, or with a link, or reads it where no body is given; throws
 * unless it works.
 */
export type Make = <Made = Record<string, { readonly id: string }>>(
  path: string,
  body?: object,
  link?: string,
) => Promise<Made>

/** What tests that try the whole instance have to know about a service. */
export type ServiceWalks = {
  /** One row of an org in every table of the service, in the order in which they can be written. */
  readonly toCanaryRows: (canary: Canary) => readonly CanaryRow[]
  /** Makes one of everything, named `canary`; gives the ids by the segment of the path that each follows. */
  readonly furnish: (make: Make, canary: string) => Promise<Readonly<Record<string, string>>>
  /** Hands out a link of an organisation through the API, where the service has such; gives its token. */
  readonly openLink?: (make: Make) => Promise<string>
  /** A body that would do, were the id one's own, by the endpoint's id. */
  readonly bodies: Readonly<Record<string, object>>
  /** A row of each kind of data that is cut, by the words that the retention data has for it. */
  readonly agedRows: Readonly<Record<string, AgedRow>>
}

/** Each service has its own in `testing/walks.ts`, beside its migrations. */
export async function readWalks({ name, schema }: Pick<Service, 'name' | 'schema'>): Promise<ServiceWalks> {
  const [migrations] = schema.migrations
  if (migrations === undefined) throw new Error(`${name} has no folder of migrations to find its walks by`)
  // Safe: the compiler holds every such file against the type, by `satisfies`.
  const { walks } = (await import(new URL('../testing/walks.ts', migrations.folder).href)) as {
    readonly walks: ServiceWalks
  }
  return walks
}
