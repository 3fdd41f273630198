import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { EventsReply, EventTerms } from './events.ts'
import type { SocketReply, SocketTerms } from './socket.ts'
import type {
  KeyPrincipal,
  LinkPrincipal,
  MasterPrincipal,
  MemberPrincipal,
  Role,
  Scope,
} from '../principal/index.ts'

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may call. There is no default: an endpoint without an access rule does not compile (G5). */
export type Access =
  /** `orMaster`: the operator's secret of that name opens it as well. `anyKey`: a key without the scope may do it too. */
  | { readonly kind: 'key'; readonly scope: Scope; readonly orMaster?: string; readonly anyKey?: true }
  /** The operator's automation: one secret, named as in the settings, opens this one route and no other. */
  | { readonly kind: 'master'; readonly secret: string }
  /**
   * `sudo`: only within 15 minutes of proving oneself once more (S7), shown by the header `X-Sudo-Token`. `limit`: the
   * figure of the service's policy that counts a person's calls to this endpoint besides the usual one.
   * `instanceAdmin`: only for those whom the operator has named; for everyone else there is nothing here.
   * `wholeAccount`: it concerns its person in every org, so a session that one org's issuer vouched for opens it only for
   * those who belong to no other.
   */
  | {
      readonly kind: 'session'
      readonly role: Role
      readonly sudo?: true
      readonly limit?: string
      readonly instanceAdmin?: true
      readonly wholeAccount?: true
    }
  /** Whoever holds a link that the service handed out; its token comes as a Bearer credential. */
  | { readonly kind: 'link' }
  /** `orKey`: whoever sends a credential is proven by it or refused, and counted under it; a session will do as well. */
  | { readonly kind: 'public'; readonly because: string; readonly limit: PublicLimit; readonly orKey?: true }

/** Which figure of the service's policy counts calls that prove nothing, and what they are counted by. */
export type PublicLimit = { readonly name: string; readonly by: 'ip' | { readonly param: string } }

export type Reply<Schema extends z.ZodType | null = z.ZodType | null> =
  | {
      readonly status: number
      readonly schema: Schema
      /** Another answer that is no refusal, such as that it is not there yet; the handler returns it as `Otherwise`. */
      readonly also?: { readonly status: number; readonly schema: z.ZodType }
    }
  /** A body that is not JSON: a page, an image, plain text. The handler returns a `RawReply`. */
  | {
      readonly status: number
      readonly mediaType: string
      /** Statuses that the same page may carry instead. */
      readonly otherStatuses?: readonly number[]
    }
  /** Server-sent events: the handler returns an `EventsReply`. Its callers are keys or people. */
  | { readonly status: 200; readonly mediaType: 'text/event-stream'; readonly events: EventTerms }
  /** A WebSocket (RFC 6455): the handler answers the handshake with a `SocketReply`. */
  | { readonly status: 101; readonly socket: SocketTerms }

/** A call as somebody would send it, and its reply. What is left out follows from the examples of the schemas. */
export type EndpointExample = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly reply?: unknown
}

/** How an endpoint is offered to AI clients over MCP: to keys that hold its scope, or `scope` where it is open to everybody. */
export type Tool = {
  /** In snake_case, unique in its service but for operations that are offered as one. */
  readonly name: string
  /**
   * Operations of the same name are one tool, which is told by its argument `what` which of them a call means; they have
   * the same scope and annotations, and change nothing.
   */
  readonly what?: string
  /** For the one who chooses a tool, where the summary says too little. */
  readonly description?: string
  readonly scope?: Scope
  /** Hints of the protocol; what a client does with them is its own affair. */
  readonly annotations: {
    readonly readOnlyHint: boolean
    readonly destructiveHint: boolean
    readonly idempotentHint: boolean
    /** Whether the call reaches beyond this instance. */
    readonly openWorldHint: boolean
  }
  /** What a call would do, without its being done; every tool that is not read-only has one. */
  readonly preview?: {
    readonly says: string
    /** Members of the reply that may be shown although nothing of it was kept: no receipt, no token, no id. */
    readonly shows: readonly string[]
  }
}

/** One operation as data: router, OpenAPI, SDK types, tests and posture facts all follow from it. */
export type Endpoint<
  A extends Access = Access,
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Out extends z.ZodType | null = z.ZodType | null,
> = {
  readonly method: Method
  /** `/api/v1/monitors/{id}`; static segments win over `{name}`. */
  readonly path: string
  /** In camelCase, unique in the instance: the OpenAPI `operationId`. */
  readonly id: string
  readonly summary: string
  readonly description?: string
  readonly tag: string
  readonly access: A
  readonly params?: Params
  readonly query?: Query
  /** Names of the query that `query` does not know are passed over, and listed in `X-Gatehouse-Ignored`. */
  readonly passesOverUnknownQuery?: true
  /** Always a strict object: an unknown member is refused by name. Absent: a body is refused. */
  readonly body?: Body
  /** What documents show in place of `body`, where it is the use case that knows which of several forms applies. */
  readonly documentedBody?: z.ZodType
  /** The path with a slash behind it is the same place. */
  readonly trailingSlash?: true
  /**
   * Whatever the body is, its beginning is handed on as text, up to `bodyBytesMax`, and nothing about it is refused;
   * excludes `body`.
   */
  readonly textBody?: true
  /**
   * The media type of a body that is handed on as it comes, inflated and of any size; excludes `body`. Whoever reads it
   * holds what it keeps of it within bounds.
   */
  readonly streamedBody?: `application/${string}`
  /** Default 1 MiB of inflated body. */
  readonly bodyBytesMax?: number
  /** How deep its JSON may be nested, where that is not what its service has for all. */
  readonly jsonDepthMax?: number
  readonly reply: Reply<Out>
  /** Codes of the service's problem table beyond those that every endpoint can answer. */
  readonly problems: readonly string[]
  /** Members that stand beside the envelope of every answer of 5xx, for callers that must not go on without an answer. */
  readonly besideOutage?: Readonly<Record<string, string>>
  /** Replies carry a credential: never cached, never logged, never compressed. */
  readonly revealsSecret?: true
  /** Names of the reply's members that hold it, masked when the reply is given again under an `Idempotency-Key`. */
  readonly secretMembers?: readonly string[]
  /** Members of the reply that say something else when it is given again so. */
  readonly replayedAs?: Readonly<Record<string, boolean | string>>
  readonly deprecated?: true
  /** The id of the endpoint whose handler answers this one too: another door to the same operation. */
  readonly handledBy?: string
  readonly tool?: Tool
  /** Shown in OpenAPI, and what the tests send that walk all endpoints. */
  readonly example?: EndpointExample
}

type ParsedOr<T extends z.ZodType | undefined> = T extends z.ZodType ? z.output<T> : undefined

/** What a handler of this endpoint receives, already parsed. */
export type InputOf<E extends Endpoint> = {
  readonly params: ParsedOr<E['params']>
  readonly query: ParsedOr<E['query']>
  readonly body: E['textBody'] extends true
    ? string | undefined
    : E['streamedBody'] extends string
      ? AsyncIterable<Uint8Array>
      : ParsedOr<E['body']>
}

/** A caller who proved nothing, because nothing had to be proven. */
export type Visitor = { readonly kind: 'visitor'; readonly ip: string }

export type CallerOf<E extends Endpoint> = E['reply'] extends { socket: SocketTerms }
  ? KeyPrincipal | Visitor
  : E['access'] extends { kind: 'public'; orKey: true }
    ? Visitor | KeyPrincipal | MemberPrincipal
    : E['access'] extends { kind: 'public' }
      ? Visitor
      : E['access'] extends { kind: 'session' }
        ? MemberPrincipal
        : E['access'] extends { kind: 'link' }
          ? LinkPrincipal | MemberPrincipal
          : E['access'] extends { kind: 'master' }
            ? MasterPrincipal
            : E['access'] extends { orMaster: string }
              ? KeyPrincipal | MasterPrincipal | MemberPrincipal
              : KeyPrincipal | MemberPrincipal

/** What a handler may know of the request besides its parsed input. */
export type RequestContext = {
  readonly requestId: string
  readonly ip: string
  readonly userAgent: string | undefined
  /** As it was asked for, with its query. */
  readonly url: string
  readonly receivedAtMs: number
  /** Aborted when the client goes away before it is answered. */
  readonly signal: AbortSignal
  /** Gives back what the call was charged, where the handler itself finds the caller's proof to be right. */
  readonly refund: () => void
  readonly header: (name: string) => string | undefined
}

export type ReplyOf<E extends Endpoint> = E['reply'] extends { readonly schema: infer S }
  ? S extends z.ZodType
    ? z.input<S> | PreparedReply<z.input<S>> | WithHeaders<z.input<S>> | OtherwiseOf<E['reply']>
    : undefined | WithHeaders<undefined>
  : E['reply'] extends { readonly socket: SocketTerms }
    ? SocketReply
    : E['reply'] extends { readonly events: EventTerms }
      ? EventsReply
      : RawReply

type OtherwiseOf<R extends Reply> = R extends {
  readonly also: { readonly schema: infer S extends z.ZodType }
}
  ? Otherwise<z.input<S>>
  : never

export type Handler<E extends Endpoint> = (
  caller: CallerOf<E>,
  input: InputOf<E>,
  context: RequestContext,
) => Promise<ReplyOf<E>> | ReplyOf<E>

export type BoundEndpoint = {
  readonly endpoint: Endpoint
  readonly handle: (
    caller: Visitor | KeyPrincipal | LinkPrincipal | MasterPrincipal | MemberPrincipal,
    input: unknown,
    context: RequestContext,
  ) => unknown
}

export function defineEndpoint<const E extends Endpoint>(endpoint: E): E {
  return endpoint
}

/** Joins an endpoint to the use case that answers it. */
export function bind<E extends Endpoint>(endpoint: E, handle: Handler<E>): BoundEndpoint {
  // Safe: the pipeline parses input with this endpoint's schemas and proves the caller by its access rule before it calls.
  return { endpoint, handle: handle as BoundEndpoint['handle'] }
}

/** A body that leaves as it is; a stream leaves as it is read. `status` overrides the endpoint's own, for pages that refuse. */
export class RawReply {
  readonly body: string | Buffer | Readable
  readonly headers: Readonly<Record<string, string>>
  readonly status: number | undefined
  readonly cookies: readonly string[]

  constructor(
    body: string | Buffer | Readable,
    headers: Readonly<Record<string, string>> = {},
    status?: number,
    cookies: readonly string[] = [],
  ) {
    this.body = body
    this.headers = headers
    this.status = status
    this.cookies = cookies
  }
}

/** A reply that was parsed by its schema and written out before anybody asked for it. Only `prepareReply` makes one. */
export class PreparedReply<T> {
  readonly body: string
  readonly etag: string
  /** What it says; of no use but to the compiler. */
  declare readonly says: T

  constructor(body: string, etag: string) {
    this.body = body
    this.etag = etag
  }
}

/** The reply's other answer. */
export class Otherwise<T> {
  readonly value: T

  constructor(value: T) {
    this.value = value
  }
}

export class WithHeaders<T> {
  readonly value: T
  readonly headers: Readonly<Record<string, string | string[]>>

  constructor(value: T, headers: Readonly<Record<string, string | string[]>>) {
    this.value = value
    this.headers = headers
  }
}
