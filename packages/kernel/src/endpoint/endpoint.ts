import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { KeyPrincipal, MemberPrincipal, Role, Scope } from '../principal/index.ts'

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may call. There is no default: an endpoint without an access rule does not compile (G5). */
export type Access =
  | { readonly kind: 'key'; readonly scope: Scope }
  /**
   * `sudo`: only within 15 minutes of proving oneself once more (S7), shown by the header `X-Sudo-Token`. `limit`: the
   * figure of the service's policy that counts a person's calls to this endpoint besides the usual one.
   * `instanceAdmin`: only for those whom the operator has named; for everyone else there is nothing here.
   */
  | {
      readonly kind: 'session'
      readonly role: Role
      readonly sudo?: true
      readonly limit?: string
      readonly instanceAdmin?: true
    }
  | { readonly kind: 'public'; readonly because: string; readonly limit: PublicLimit }

/** Which figure of the service's policy counts calls that prove nothing, and what they are counted by. */
export type PublicLimit = { readonly name: string; readonly by: 'ip' | { readonly param: string } }

export type Reply<Schema extends z.ZodType | null = z.ZodType | null> =
  | { readonly status: number; readonly schema: Schema }
  /** A body that is not JSON: a page, an image, plain text. The handler returns it with `raw`. */
  | { readonly status: number; readonly mediaType: string }

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
  /** Always a strict object: an unknown member is refused by name. Absent: a body is refused. */
  readonly body?: Body
  /** The body is text of any media type, handed on as it is; excludes `body`. */
  readonly textBody?: true
  /** Default 1 MiB of inflated body. */
  readonly bodyBytesMax?: number
  readonly reply: Reply<Out>
  /** Codes of the service's problem table beyond those that every endpoint can answer. */
  readonly problems: readonly string[]
  /** Replies carry a credential: never cached, never logged. */
  readonly revealsSecret?: true
  /** Names of the reply's members that hold it, masked when the reply is given again under an `Idempotency-Key`. */
  readonly secretMembers?: readonly string[]
  readonly deprecated?: true
}

type ParsedOr<T extends z.ZodType | undefined> = T extends z.ZodType ? z.output<T> : undefined

/** What a handler of this endpoint receives, already parsed. */
export type InputOf<E extends Endpoint> = {
  readonly params: ParsedOr<E['params']>
  readonly query: ParsedOr<E['query']>
  readonly body: E['textBody'] extends true ? string | undefined : ParsedOr<E['body']>
}

/** A caller who proved nothing, because nothing had to be proven. */
export type Visitor = { readonly kind: 'visitor'; readonly ip: string }

export type CallerOf<E extends Endpoint> = E['access'] extends { kind: 'public' }
  ? Visitor
  : E['access'] extends { kind: 'session' }
    ? MemberPrincipal
    : KeyPrincipal | MemberPrincipal

/** What a handler may know of the request besides its parsed input. */
export type RequestContext = {
  readonly requestId: string
  readonly ip: string
  readonly userAgent: string | undefined
  readonly receivedAtMs: number
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
  readonly header: (name: string) => string | undefined
}

export type ReplyOf<E extends Endpoint> = E['reply'] extends { readonly schema: infer S }
  ? S extends z.ZodType
    ? z.input<S> | WithHeaders<z.input<S>>
    : undefined | WithHeaders<undefined>
  : RawReply

export type Handler<E extends Endpoint> = (
  caller: CallerOf<E>,
  input: InputOf<E>,
  context: RequestContext,
) => Promise<ReplyOf<E>> | ReplyOf<E>

export type BoundEndpoint = {
  readonly endpoint: Endpoint
  readonly handle: (
    caller: Visitor | KeyPrincipal | MemberPrincipal,
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

  constructor(
    body: string | Buffer | Readable,
    headers: Readonly<Record<string, string>> = {},
    status?: number,
  ) {
    this.body = body
    this.headers = headers
    this.status = status
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
