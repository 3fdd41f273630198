import type { AuditedTx, Decision } from '@gatehouse/kernel/audit'
import type { MigrationSet, OrgTable, PartitionedTable, PersonalTable, TenantTx } from '@gatehouse/kernel/db'
import type { BoundQueue } from '@gatehouse/kernel/delivery'
import {
  bindEndpoints,
  type BoundEndpoint,
  type Endpoint,
  type HandlersOf,
  type Method,
} from '@gatehouse/kernel/endpoint'
import type { BoundJob, RecurringJob } from '@gatehouse/kernel/jobs'
import type { BoundMail } from '../mail/index.ts'
import type { KeyShape } from '@gatehouse/kernel/keys'
import type { LimitRule } from '@gatehouse/kernel/limits'
import type { Scope } from '@gatehouse/kernel/principal'
import type { ProblemFactory } from '@gatehouse/kernel/problem'
import type { RetentionRow } from '@gatehouse/kernel/retention'
import type { SignOwn } from '@gatehouse/kernel/webhooks'
import type { AuditDoor } from './audit-door.ts'
import type { CustomHosts } from './custom-hosts.ts'
import type { Envelope } from './envelope.ts'
import type { Plans } from './find-plan.ts'
import type { Events } from './publish-event.ts'
import type { Gauge } from './gauge.ts'
import type { SealedColumn } from './sealed-column.ts'
import type { ServiceDeps } from './service-deps.ts'

export type GatePolicy = {
  /** The headers that may carry a credential (G4). */
  readonly credentialHeaders: readonly ('authorization' | 'x-api-key')[]
  /** The floor: milliseconds from arrival before which no refusal is sent (G2); `all` delays successes too. */
  readonly floorMs: number
  readonly floorOn: 'all' | 'failures'
  /** Charged to an address before any look-up, and given back once the credential is valid. */
  readonly beforeProof: LimitRule
  readonly perKey: LimitRule
  /**
   * Which calls `perKey` counts together: those of one key, of all keys with the same visible characters (L5), or of an
   * org (L7).
   */
  readonly perKeyBy: 'key' | 'prefix' | 'org'
  readonly perUser: LimitRule
  /** The limit of a link, for services that hand out links. */
  readonly perLink?: LimitRule
}

export type IdempotencyPolicy = {
  readonly methods: readonly Method[]
  readonly keyPattern: RegExp
  readonly keyForm: string
  readonly masked: string | null
}

/** The part of a service's policy that the server reads. */
export type ServicePolicy = {
  /** The format of the service's API keys; null when it has none. */
  readonly keyShape: KeyShape | null
  readonly gate: GatePolicy
  /** The limits of calls without a credential, by the name in an endpoint's access rule. */
  readonly publicLimits: Readonly<Record<string, LimitRule>>
  /** Additional limits of a person's calls, by the name in an endpoint's access rule. */
  readonly userLimits?: Readonly<Record<string, LimitRule>>
  /** The scopes that a key of the service can have. */
  readonly scopes: readonly Scope[]
  /** The scopes of a key when none are named: scopes, or the shorthands `read` and `write`. */
  readonly defaultScopes: readonly string[]
  /**
   * Lets callers choose the id of a request, in `X-Request-ID` or in this member of the body, if it matches the
   * pattern.
   */
  readonly callerIds?: { readonly pattern: RegExp; readonly member: string }
  /**
   * Query parameters that must not hold a credential, because proxies and logs would keep it: refused with this
   * problem.
   */
  readonly keyInUrl?: { readonly names: readonly string[]; readonly refusal: ProblemFactory }
  /** The most levels of nesting in a body, if the endpoint does not say otherwise. */
  readonly jsonDepthMax?: number
  /** Whether a body with a repeated name is refused as unreadable; otherwise that name is refused. */
  readonly isRepeatUnreadable?: boolean
  /** The requests that support an `Idempotency-Key`, its form, and what a replay shows in place of a secret. */
  readonly idempotency?: IdempotencyPolicy
  /**
   * Whether accepted keys are recorded in their org's chain too, once a minute, and those that a limit refused
   * afterwards.
   */
  readonly auditsAccess?: boolean
  /** Whether calls without a credential are recorded in the log of calls too, under no org, for the operator only. */
  readonly recordsVisitors?: boolean
  /** The scopes of a key for an approved device; null when devices cannot log in to the service. */
  readonly deviceScopes: readonly string[] | null
}

/** The org and subject of a valid link; otherwise the real reason, only for the audit log. */
export type LinkVerdict =
  | { readonly accepted: true; readonly orgId: string; readonly linkId: string; readonly subject: string }
  | { readonly accepted: false; readonly reason: string; readonly orgId?: string | undefined }

/** What a service stores in the database. */
export type ServiceSchema = {
  readonly migrations: readonly MigrationSet[]
  readonly partitions: readonly PartitionedTable[]
  /** The retention of each of its tables. */
  readonly retention: readonly RetentionRow[]
  /** Its tables with data about a person. */
  readonly personal: readonly PersonalTable[]
  /** Its tables with orgs' data; a table that refers to another comes before it. */
  readonly orgs: readonly OrgTable[]
  /** Its columns of values that the master key protects. */
  readonly sealed: readonly SealedColumn[]
}

/** The description of a service as data, available without building it. */
export type ServiceFacts = {
  /** The name: of its database schema, its tag in OpenAPI, and the service of its keys. */
  readonly name: string
  readonly title: string
  /** One line for people who read the API. */
  readonly description: string
  readonly policy: ServicePolicy
  /** The problems that it can answer. */
  readonly problems: Readonly<Record<string, ProblemFactory>>
  /** The form of its errors on the wire. */
  readonly envelope: Envelope
  readonly schema: ServiceSchema
  /** Its webhook events: the schema of each payload, by the event's name. */
  readonly events: Events
  /** Makes additional signature headers, for webhook endpoints that its keys registered. */
  readonly signWebhook?: SignOwn
  /** The name of the instance that `GET /` returns to a program; taken from the first service that has one. */
  readonly programName?: string
  /** The limits of each plan, in figures of the service; `unlimited` is the plan of a self-hosted instance. */
  readonly plans: Plans
  /** Adds what the service defines for a new org, in the transaction that creates it. */
  readonly furnishOrg?: (tx: AuditedTx, nowMs: number) => Promise<readonly Decision[]>
  /** Throws when the org's plan allows no further key; called in the transaction that makes the key. */
  readonly admitKey?: (deps: Pick<ServiceDeps, 'billing' | 'clock'>, tx: TenantTx) => Promise<void>
  /** The endpoint at which keys of the service read their org's audit log; null when there is none. */
  readonly auditDoor: AuditDoor | null
  /** The topic that screens reload when a subject is notified, if that concerns every org. */
  readonly liveTopicOf?: (subject: string) => string | undefined
}

type Built = {
  readonly jobs: readonly BoundJob[]
  /** The mails that the service sends. Default: none. */
  readonly mails?: readonly BoundMail[]
  /** Other delivery queues of the service. Default: none. */
  readonly queues?: readonly BoundQueue[]
  readonly recurring: readonly RecurringJob[]
  /** Returns headers for every reply of the service. Default: none. */
  readonly replyHeaders?: () => Readonly<Record<string, string>>
  /** Verifies the token of a link, for endpoints with access of the kind `link`. */
  readonly verifyLink?: (token: string) => Promise<LinkVerdict>
  /** How often an org may call within the window of `perKey`, by its plan; null when the policy's figure applies. */
  readonly requestsPerWindowOf?: (orgId: string) => number | null | Promise<number | null>
  /** What the running service currently cannot do, and why. Default: nothing. */
  readonly impairments?: readonly string[]
  /** Hosts of customers that lead to something of the service. Default: none. */
  readonly customHosts?: CustomHosts
  /** The metrics of the service. Default: none. */
  readonly gauges?: readonly Gauge[]
  /** Starts the service's loops on this node. */
  readonly start: () => Promise<{ readonly stop: () => Promise<void> }>
}

/** A service as one value: its facts, and how to build it. */
export type Service<Deps = ServiceDeps> = ServiceFacts & {
  readonly endpoints: readonly Endpoint[]
  readonly build: (deps: Deps) => Built & { readonly endpoints: readonly BoundEndpoint[] }
}

/** A service after it was built: what the server serves and runs. */
export type ServiceModule = ServiceFacts & Built & { readonly endpoints: readonly BoundEndpoint[] }

/** The part of it that the pipeline reads. */
export type ServedService = Pick<
  ServiceModule,
  | 'name'
  | 'policy'
  | 'envelope'
  | 'endpoints'
  | 'replyHeaders'
  | 'requestsPerWindowOf'
  | 'verifyLink'
  | 'customHosts'
>

type Definition<Endpoints extends readonly Endpoint[], Deps> = ServiceFacts & {
  readonly endpoints: Endpoints
  readonly build: (deps: Deps) => Built & { readonly handlers: HandlersOf<Endpoints> }
}

/** Joins a service's facts and its build function; an endpoint without a handler does not compile. */
export function defineService<const Endpoints extends readonly Endpoint[], Deps = ServiceDeps>({
  build,
  ...facts
}: Definition<Endpoints, Deps>): Service<Deps> {
  return {
    ...facts,
    build: (deps) => {
      const { handlers, ...built } = build(deps)
      return { ...built, endpoints: bindEndpoints(facts.endpoints, handlers) }
    },
  }
}

export function buildService<Deps>(service: Service<Deps>, deps: Deps): ServiceModule {
  return { ...service, ...service.build(deps) }
}

/** For services without loops of their own. */
export async function startNothing(): Promise<{ readonly stop: () => Promise<void> }> {
  return { stop: async () => undefined }
}
