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
  /**
   * `orMaster`: the operator's secret of that name opens the endpoint as well. `anyKey`: a key without the scope may
   * call it too.
   */
  | { readonly kind: 'key'; readonly scope: Scope; readonly orMaster?: string; readonly anyKey?: true }
  /** For the operator's automation: one secret, named as in the settings, opens this route and no other. */
  | { readonly kind: 'master'; readonly secret: string }
  /**
   * `sudo`: requires a fresh proof of identity of the last 15 minutes (S7), sent in the header `X-Sudo-Token`. `limit`:
   * the figure of the service's policy that counts a person's calls to this endpoint in addition to the usual one.
   * `instanceAdmin`: only for those whom the operator has named; everyone else gets the answer of a path that does not
   * exist. `wholeAccount`: the endpoint concerns its person in every org, so a session that one org's issuer vouched
   * for opens it only for people who belong to no other org.
   */
  | {
      readonly kind: 'session'
      readonly role: Role
      readonly sudo?: true
      readonly limit?: string
      readonly instanceAdmin?: true
      readonly wholeAccount?: true
    }
  /** For the holder of a link that the service handed out; its token is sent as a Bearer credential. */
  | { readonly kind: 'link' }
  /**
   * `orKey`: a caller who sends a credential is authenticated by it or refused, and counted under it; a session works
   * as well.
   */
  | { readonly kind: 'public'; readonly because: string; readonly limit: PublicLimit; readonly orKey?: true }

/** The figure of the service's policy that counts calls without a credential, and by what they are counted. */
export type PublicLimit = { readonly name: string; readonly by: 'ip' | { readonly param: string } }

export type Reply<Schema extends z.ZodType | null = z.ZodType | null> =
  | {
      readonly status: number
      readonly schema: Schema
      /**
       * A second kind of answer that is no refusal, such as that a result is not there yet; the handler returns it as
       * `Otherwise`.
       */
      readonly also?: { readonly status: number; readonly schema: z.ZodType }
    }
  /** A body that is not JSON: a page, an image, plain text. The handler returns a `RawReply`. */
  | {
      readonly status: number
      readonly mediaType: string
      /** Other statuses with which the same page may be sent. */
      readonly otherStatuses?: readonly number[]
    }
  /** Server-sent events: the handler returns an `EventsReply`. The callers are keys or people. */
  | { readonly status: 200; readonly mediaType: 'text/event-stream'; readonly events: EventTerms }
  /** A WebSocket (RFC 6455): the handler answers the handshake with a `SocketReply`. */
  | { readonly status: 101; readonly socket: SocketTerms }

/** An example of a call and its reply. What is left out is taken from the examples of the schemas. */
export type EndpointExample = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly reply?: unknown
}

/**
 * How an endpoint is offered to AI clients over MCP. It is offered to keys that hold the endpoint's scope, or `scope`
 * for an endpoint that is open to everybody.
 */
export type Tool = {
  /** In snake_case, and unique in its service, except for operations that are offered as one tool. */
  readonly name: string
  /**
   * Operations with the same `name` form one tool, whose argument `what` selects one of them. They share scope and
   * annotations, and are read-only.
   */
  readonly what?: string
  /** Helps an AI client to choose the tool, where the summary says too little. */
  readonly description?: string
  readonly scope?: Scope
  /** Hints of the MCP specification; how a client uses them is up to the client. */
  readonly annotations: {
    readonly readOnlyHint: boolean
    readonly destructiveHint: boolean
    readonly idempotentHint: boolean
    /** Whether the call reaches beyond this instance. */
    readonly openWorldHint: boolean
  }
  /** Returns what a call would do without doing it; every tool that is not read-only has a preview. */
  readonly preview?: {
    readonly says: string
    /** Members of the reply that may be shown although nothing was stored: no receipt, no token, no id. */
    readonly shows: readonly string[]
  }
}

/** One operation as data. Router, OpenAPI document, SDK types, tests and security page are derived from it. */
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
  /** Query parameters that `query` does not know are ignored, and listed in the header `X-Gatehouse-Ignored`. */
  readonly passesOverUnknownQuery?: true
  /** Always a strict object: an unknown member is refused by name. Absent: a body is refused. */
  readonly body?: Body
  /** The schema that documents show in place of `body`, where the use case decides which of several forms applies. */
  readonly documentedBody?: z.ZodType
  /** The path with a trailing slash is served as well. */
  readonly trailingSlash?: true
  /**
   * Any body is accepted: its first `bodyBytesMax` bytes are passed to the handler as text, and nothing about it is
   * refused. Excludes `body`.
   */
  readonly textBody?: true
  /**
   * The media type of a body that is passed to the handler as a stream, inflated and without a size limit; the handler
   * has to bound what it keeps of it. Excludes `body`.
   */
  readonly streamedBody?: `application/${string}`
  /** The limit of the inflated body, in bytes. Default 1 MiB. */
  readonly bodyBytesMax?: number
  /** The most levels of nesting in the JSON body. Default: that of the service. */
  readonly jsonDepthMax?: number
  readonly reply: Reply<Out>
  /** Codes of the service's problem table that this endpoint can answer, beyond those of every endpoint. */
  readonly problems: readonly string[]
  /**
   * Members that every 5xx answer has beside the error envelope, for callers that must not proceed without an answer.
   */
  readonly besideOutage?: Readonly<Record<string, string>>
  /** Replies carry a credential: never cached, never logged, never compressed. */
  readonly revealsSecret?: true
  /**
   * The members of the reply that hold the credential; they are masked when the reply is replayed for an
   * `Idempotency-Key`.
   */
  readonly secretMembers?: readonly string[]
  /** Members of the reply that have another value when it is replayed. */
  readonly replayedAs?: Readonly<Record<string, boolean | string>>
  readonly deprecated?: true
  /** The id of the endpoint whose handler serves this one too: a second path to the same operation. */
  readonly handledBy?: string
  readonly tool?: Tool
  /** Shown in OpenAPI, and sent by the tests that call every endpoint. */
  readonly example?: EndpointExample
}

type ParsedOr<T extends z.ZodType | undefined> = T extends z.ZodType ? z.output<T> : undefined

/** The parsed input of a handler of this endpoint. */
export type InputOf<E extends Endpoint> = {
  readonly params: ParsedOr<E['params']>
  readonly query: ParsedOr<E['query']>
  readonly body: E['textBody'] extends true
    ? string | undefined
    : E['streamedBody'] extends string
      ? AsyncIterable<Uint8Array>
      : ParsedOr<E['body']>
}

/** A caller of a public endpoint, who did not have to prove anything. */
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

/** The parts of the request that a handler gets in addition to its parsed input. */
export type RequestContext = {
  readonly requestId: string
  readonly ip: string
  readonly userAgent: string | undefined
  /** The request target with its query, as sent by the client. */
  readonly url: string
  readonly receivedAtMs: number
  /** Aborted when the client disconnects before it is answered. */
  readonly signal: AbortSignal
  /** Takes back what the call was charged to its limit, where the handler itself verifies the caller's proof. */
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
  // Safe: before the call, the pipeline parses the input with this endpoint's schemas and authenticates the caller by
  // its access rule.
  return { endpoint, handle: handle as BoundEndpoint['handle'] }
}

/**
 * A body that is sent unchanged; a stream is sent while it is read. `status` overrides the endpoint's own, for pages
 * that refuse.
 */
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

/** A reply that was parsed by its schema and serialized in advance. Only `prepareReply` makes one. */
export class PreparedReply<T> {
  readonly body: string
  readonly etag: string
  /** Never set: it carries the reply's type for the compiler. */
  declare readonly says: T

  constructor(body: string, etag: string) {
    this.body = body
    this.etag = etag
  }
}

/** Wraps the reply that the endpoint declares as `also`. */
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
