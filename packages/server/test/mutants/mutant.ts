import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Database } from '@gatehouse/kernel/db'
import type { BoundEndpoint, Endpoint, RawReply, RequestContext } from '@gatehouse/kernel/endpoint'
import type { Parts } from '../../src/parts.ts'
import type { ServicePolicy } from '../../src/service/define-service.ts'
import type { ComposedServer } from '../fixtures/compose-server.ts'

type Settings = Readonly<Record<string, string>>

/** The server with one control weakened: the probe of its claim must say that it fails. */
export type Mutant = {
  readonly claim: string
  /** Mutants of one group share a server, so their weakenings must not touch each other. Without: a server of its own. */
  readonly group?: string
  readonly weakened?: Partial<Parts>
  /** Told the URL of the server's database; what it starts is ended by `end`. */
  readonly settings?: (databaseUrl: string) => Settings | Promise<Settings>
  /** Done to the running server, for what stands in its database. */
  readonly weaken?: (server: ComposedServer) => Promise<void>
  readonly end?: () => Promise<void>
}

/** What all weakenings of a group come to. Each part but those that wrap may be weakened once. */
export function mergeParts(all: readonly Partial<Parts>[]): Partial<Parts> {
  let merged: Partial<Parts> = {}
  for (const { wrapService, wrapLimitStore, securityHeaders, ...rest } of all) {
    const taken = Object.keys(rest).filter((name) => name in merged)
    if (taken.length > 0) throw new Error(`Two mutants of one group weaken ${taken.join(', ')}`)
    const { wrapService: service = (same) => same, wrapLimitStore: store = (same) => same } = merged
    merged = {
      ...merged,
      ...rest,
      ...(wrapService === undefined ? {} : { wrapService: (one) => wrapService(service(one)) }),
      ...(wrapLimitStore === undefined ? {} : { wrapLimitStore: (one) => wrapLimitStore(store(one)) }),
      ...(securityHeaders === undefined
        ? {}
        : { securityHeaders: { ...merged.securityHeaders, ...securityHeaders } }),
    }
  }
  return merged
}

type Handle = BoundEndpoint['handle']
export type Caller = Parameters<Handle>[0]

/** One call of a handler, and the handler as it is. A mutant knows the input and the reply of the one that it changes. */
export type Handled<Input, Reply> = {
  readonly caller: Caller
  readonly input: Input
  readonly context: RequestContext
  readonly handle: (caller: Caller, input: Input) => Promise<Reply>
}

/** A server on which one operation is answered by something else; `dashboard…`, its other door, stays as it is. */
export function changingHandler<Input = unknown, Reply = unknown>(
  id: string,
  answer: (handled: Handled<Input, Reply>) => unknown,
): Pick<Partial<Parts>, 'wrapService'> {
  return changing(id, (bound) => ({
    ...bound,
    handle: (caller, input, context) =>
      answer({
        caller,
        // Safe: the pipeline has parsed it by the schema of the endpoint.
        input: input as Input,
        context,
        // Safe: so it will with the reply.
        handle: async (by, what) => (await bound.handle(by, what, context)) as Reply,
      }),
  }))
}

/** A server whose table of endpoints says something else of one of them. */
export function changingEndpoint(
  id: string,
  change: (endpoint: Endpoint) => Endpoint,
): Pick<Partial<Parts>, 'wrapService'> {
  return changing(id, ({ endpoint, handle }) => ({ endpoint: change(endpoint), handle }))
}

export function changingPolicy(
  service: string,
  change: (policy: ServicePolicy) => Partial<ServicePolicy>,
): Pick<Partial<Parts>, 'wrapService'> {
  return {
    wrapService: (module) =>
      module.name === service
        ? { ...module, policy: { ...module.policy, ...change(module.policy) } }
        : module,
  }
}

function changing(
  id: string,
  change: (bound: BoundEndpoint) => BoundEndpoint,
): Pick<Partial<Parts>, 'wrapService'> {
  return {
    wrapService: (module) => ({
      ...module,
      endpoints: module.endpoints.map((bound) => (bound.endpoint.id === id ? change(bound) : bound)),
    }),
  }
}

/** The database of a mutant, for handlers that do what no store does. */
export type Lent = {
  readonly weaken: (server: ComposedServer) => Promise<void>
  readonly pool: () => Database['pool']
}

export function lendDatabase(): Lent {
  let lent: Database | undefined
  return {
    weaken: async ({ db }) => {
      lent = db
    },
    pool: () => {
      if (lent === undefined) throw new Error('The server was not weakened yet')
      return lent.pool
    },
  }
}

/** Runs statements in the mutant's own database. */
export function running(...statements: readonly string[]): Pick<Mutant, 'weaken'> {
  return {
    weaken: async ({ db }) => {
      for (const statement of statements) await db.pool.query(statement)
    },
  }
}

/** The same, as what belongs to the instance is written. */
export function runningAsInstance(...statements: readonly string[]): Pick<Mutant, 'weaken'> {
  const instance = '00000000-0000-4000-8000-000000000000'
  const begin = `BEGIN; SELECT set_config('role', 'gatehouse_app', true), set_config('gatehouse.org', '${instance}', true)`
  return running(...statements.map((statement) => `${begin}; ${statement}; COMMIT`))
}

/** A trigger that changes each row before it is written. */
export function rewriting(
  table: string,
  moment: 'INSERT' | 'UPDATE',
  assignment: string,
): Pick<Mutant, 'weaken'> {
  const name = `weaken_${table.replaceAll(/\W/g, '_')}`
  return running(
    `CREATE FUNCTION public.${name}() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN ${assignment}; RETURN NEW; END $$`,
    `CREATE TRIGGER ${name} BEFORE ${moment} ON ${table} FOR EACH ROW EXECUTE FUNCTION public.${name}()`,
  )
}

/** Whoever asked first: what a server that mixes organisations up goes by. */
export function firstOrg(): {
  readonly note: (caller: Caller) => void
  readonly be: (caller: Caller) => Caller
} {
  let first: string | undefined
  return {
    note: (caller) => {
      if ('orgId' in caller) first ??= caller.orgId
    },
    be: (caller) => ('orgId' in caller && first !== undefined ? { ...caller, orgId: first } : caller),
  }
}

/** What a reply says, whatever it is packed in. */
export function readText({ body, headers }: RawReply): string {
  if (!(typeof body === 'string' || Buffer.isBuffer(body))) throw new Error('This is served piece by piece')
  if (typeof body === 'string') return body
  const encoding = headers['content-encoding']
  const bytes = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body
  return bytes.toString('utf8')
}
