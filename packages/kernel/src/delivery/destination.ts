import { z } from 'zod'
import type { Attempt } from './attempt.ts'

/** A URL that a config names, and the member that names it: judged before it is saved. */
export type NamedUrl = { readonly field: string; readonly url: string }

/** A destination whose config was read: ready to be sent to, without anybody asking for its kind again. */
export type OpenDestination<Message, Tools> = {
  /** As it was read, with its secrets in clear; it is stored only sealed. */
  readonly config: Readonly<Record<string, unknown>>
  /** What may be shown of it: an e-mail address, a host name. */
  readonly summarize: () => string
  readonly urls: readonly NamedUrl[]
  /** Once, and within the time-out of the queue's rules. */
  readonly attempt: (message: Message, tools: Tools) => Promise<Attempt>
}

/** A kind of destination, as whoever keeps destinations sees it. Each reading throws a ZodError. */
export type DestinationKind<Message, Tools> = {
  readonly title: string
  /** What people send. */
  readonly config: z.ZodObject
  /** What people may send instead of a config that is there: any part of it. */
  readonly change: z.ZodObject
  readonly example: Readonly<Record<string, unknown>>
  /** Strangers could be written to with it, so that nothing is sent before whoever reads it has agreed. */
  readonly needsVerification: boolean
  readonly accept: (sent: unknown) => OpenDestination<Message, Tools>
  readonly open: (stored: unknown) => OpenDestination<Message, Tools>
  /** Lays what was sent over what is kept: a member that is absent, or reads `{"set": true}`, stays. */
  readonly revise: (
    kept: Readonly<Record<string, unknown>>,
    sent: Readonly<Record<string, unknown>>,
  ) => OpenDestination<Message, Tools>
}

const kept = z.strictObject({ set: z.literal(true) })

/**
 * A kind of destination: what its config holds, what of it may be shown, and how one attempt is made. Everything else
 * (leases, retries, order, the log) is the engine's. `Message` is what is sent, `Tools` what an attempt is made with.
 */
export function defineDestination<Shape extends z.ZodRawShape, Message, Tools>(kind: {
  readonly title: string
  readonly config: z.ZodObject<Shape>
  /** What was accepted before, where less was asked for then. Default: as `config`. */
  readonly stored?: z.ZodObject<Record<keyof Shape, z.ZodType>> & z.ZodType<z.output<z.ZodObject<Shape>>>
  readonly example: z.output<z.ZodObject<Shape>> & Readonly<Record<string, unknown>>
  readonly summary: (config: z.output<z.ZodObject<Shape>>) => string
  /** The URLs that people choose. Default: none. */
  readonly urls?: (config: z.output<z.ZodObject<Shape>>) => readonly NamedUrl[]
  readonly needsVerification: boolean
  readonly attempt: (config: z.output<z.ZodObject<Shape>>, message: Message, tools: Tools) => Promise<Attempt>
}): DestinationKind<Message, Tools> {
  const { title, config, stored = config, example, summary, urls = () => [], needsVerification } = kind
  const change = config.partial()
  const toOpen = (read: z.output<z.ZodObject<Shape>>): OpenDestination<Message, Tools> => ({
    config: read,
    summarize: () => summary(read),
    urls: urls(read),
    attempt: (message, tools) => kind.attempt(read, message, tools),
  })
  return {
    title,
    config,
    change,
    example,
    needsVerification,
    accept: (sent) => toOpen(config.parse(sent)),
    open: (before) => toOpen(stored.parse(before)),
    revise: (before, sent) => {
      const given = Object.entries(sent).filter(([, value]) => !kept.safeParse(value).success)
      return toOpen(stored.parse({ ...before, ...change.parse(Object.fromEntries(given)) }))
    },
  }
}
