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
import type { Envelope } from './envelope.ts'
import type { Plans } from './find-plan.ts'
import type { Events } from './publish-event.ts'
import type { Gauge } from './gauge.ts'
import type { SealedColumn } from './sealed-column.ts'
import type { ServiceDeps } from './service-deps.ts'

export type GatePolicy = {
  /** Which headers may carry a credential (G4). */
  readonly credentialHeaders: readonly ('authorization' | 'x-api-key')[]
  /** Milliseconds from arrival before which no refusal leaves (G2); `all` holds back successes too. */
  readonly floorMs: number
  readonly floorOn: 'all' | 'failures'
  /** Charged to an address before any look-up, and given back once the credential proves valid. */
  readonly beforeProof: LimitRule
  readonly perKey: LimitRule
  /** Whose calls `perKey` counts together: of one key, of all keys that show the same characters (L5), or of an organisation (L7). */
  readonly perKeyBy: 'key' | 'prefix' | 'org'
  readonly perUser: LimitRule
  /** For services that hand out links. */
  readonly perLink?: LimitRule
}

export type IdempotencyPolicy = {
  readonly methods: readonly Method[]
  readonly keyPattern: RegExp
  readonly keyForm: string
  readonly masked: string | null
}

/** A service's security figures, as far as the server reads them. */
export type ServicePolicy = {
  /** How the service's API keys look; null where no key opens it. */
  readonly keyShape: KeyShape | null
  readonly gate: GatePolicy
  /** Limits of calls that prove nothing, by the name that an endpoint's access rule gives. */
  readonly publicLimits: Readonly<Record<string, LimitRule>>
  /** Further limits of a person's calls, by the name that an endpoint's access rule gives. */
  readonly userLimits?: Readonly<Record<string, LimitRule>>
  /** What a key of the service can be allowed. */
  readonly scopes: readonly Scope[]
  /** What a key gets when nobody says: scopes, or the shorthands `read` and `write`. */
  readonly defaultScopes: readonly string[]
  /** A request is known by the id that its caller gives, in `X-Request-ID` or in this member of the body, where it has the form. */
  readonly callerIds?: { readonly pattern: RegExp; readonly member: string }
  /** Names under which a credential must not come in a URL, where proxies and logs would keep it: refused with this problem. */
  readonly keyInUrl?: { readonly names: readonly string[]; readonly refusal: ProblemFactory }
  /** How deep a body may be nested, where an endpoint says nothing else. */
  readonly jsonDepthMax?: number
  /** Whether a body in which a name stands twice is refused as one that cannot be read; else, that name is. */
  readonly isRepeatUnreadable?: boolean
  /** Which requests an `Idempotency-Key` can stand for, its form, and what a replay shows in place of a secret. */
  readonly idempotency?: IdempotencyPolicy
  /** Whether keys that were let in are entries of their org's chain too, one a minute, and those that a limit refused after it. */
  readonly auditsAccess?: boolean
  /** Whether calls that prove nothing are kept in the log of calls too, with nobody's org, for the operator alone. */
  readonly recordsVisitors?: boolean
  /** What a device gets that somebody approves; null where devices do not log in to the service. */
  readonly deviceScopes: readonly string[] | null
}

/** Whose link it is, if it opens anything; the real reason otherwise, for the audit log alone. */
export type LinkVerdict =
  | { readonly accepted: true; readonly orgId: string; readonly linkId: string; readonly subject: string }
  | { readonly accepted: false; readonly reason: string; readonly orgId?: string | undefined }

/** What a service keeps in the database. */
export type ServiceSchema = {
  readonly migrations: readonly MigrationSet[]
  readonly partitions: readonly PartitionedTable[]
  /** How long each of its tables keeps what is in it. */
  readonly retention: readonly RetentionRow[]
  /** Where it keeps something about a person. */
  readonly personal: readonly PersonalTable[]
  /** Where it keeps the data of orgs; whatever refers to another table comes before it. */
  readonly orgs: readonly OrgTable[]
  /** What the master key protects. */
  readonly sealed: readonly SealedColumn[]
}

/** What a service is, as far as it is data: nothing has to be built to read it. */
export type ServiceFacts = {
  /** Its schema in the database, its tag in OpenAPI, and what its keys are made for. */
  readonly name: string
  readonly title: string
  /** One line for people who read the API. */
  readonly description: string
  readonly policy: ServicePolicy
  /** Its refusals. */
  readonly problems: Readonly<Record<string, ProblemFactory>>
  /** How its refusals look on the wire. */
  readonly envelope: Envelope
  readonly schema: ServiceSchema
  /** What it tells webhooks of: the payload of each event, by the event's name. */
  readonly events: Events
  /** Headers in which it signs, beside the standard ones, for endpoints that its keys registered. */
  readonly signWebhook?: SignOwn
  /** What `GET /` calls the instance when a program asks; of the first service that has a name for it. */
  readonly programName?: string
  /** What each plan allows, in figures of the service; `unlimited` is that of a self-hosted instance. */
  readonly plans: Plans
  /** Gives a new org, in the transaction that founds it, what it has of the service from the start. */
  readonly furnishOrg?: (tx: AuditedTx, nowMs: number) => Promise<readonly Decision[]>
  /** Refuses a further key of the org by throwing, where its plan allows no more; asked in the transaction that makes it. */
  readonly admitKey?: (deps: Pick<ServiceDeps, 'billing' | 'clock'>, tx: TenantTx) => Promise<void>
  /** Where keys of the service read their org's audit log; null: not through this API. */
  readonly auditDoor: AuditDoor | null
  /** The topic of the screens that ask again when a subject of its news is told, where that concerns every org. */
  readonly liveTopicOf?: (subject: string) => string | undefined
}

type Built = {
  readonly jobs: readonly BoundJob[]
  /** What it writes to people, by mail. Default: nothing. */
  readonly mails?: readonly BoundMail[]
  /** What it sends otherwise. Default: nothing. */
  readonly queues?: readonly BoundQueue[]
  readonly recurring: readonly RecurringJob[]
  /** What every reply of the service carries now. Default: nothing. */
  readonly replyHeaders?: () => Readonly<Record<string, string>>
  /** Proves the token of a link, for endpoints that are opened by one. */
  readonly verifyLink?: (token: string) => Promise<LinkVerdict>
  /** How often an org may call within the window of `perKey`, by its plan; null where the policy alone says so. */
  readonly requestsPerWindowOf?: (orgId: string) => number | null | Promise<number | null>
  /** What it does not do although it runs, and why. Default: nothing. */
  readonly impairments?: readonly string[]
  /** What whoever watches the instance is told of it. Default: nothing. */
  readonly gauges?: readonly Gauge[]
  /** Starts the service's loops on this node. */
  readonly start: () => Promise<{ readonly stop: () => Promise<void> }>
}

/** A service as one value: its facts, and how it is built. */
export type Service<Deps = ServiceDeps> = ServiceFacts & {
  readonly endpoints: readonly Endpoint[]
  readonly build: (deps: Deps) => Built & { readonly endpoints: readonly BoundEndpoint[] }
}

/** A service that was built: what the server serves and runs. */
export type ServiceModule = ServiceFacts & Built & { readonly endpoints: readonly BoundEndpoint[] }

/** What of it the pipeline reads. */
export type ServedService = Pick<
  ServiceModule,
  'name' | 'policy' | 'envelope' | 'endpoints' | 'replyHeaders' | 'requestsPerWindowOf' | 'verifyLink'
>

type Definition<Endpoints extends readonly Endpoint[], Deps> = ServiceFacts & {
  readonly endpoints: Endpoints
  readonly build: (deps: Deps) => Built & { readonly handlers: HandlersOf<Endpoints> }
}

/** Joins a service's facts to how it is built; an endpoint that no handler answers does not compile. */
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

/** For services that run nothing of their own between requests. */
export async function startNothing(): Promise<{ readonly stop: () => Promise<void> }> {
  return { stop: async () => undefined }
}
