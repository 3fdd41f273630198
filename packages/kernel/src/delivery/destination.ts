import { z } from 'zod'
import type { Attempt } from './attempt.ts'

/** A URL in a config, and the config member that holds it. It is judged before it is saved. */
export type NamedUrl = { readonly field: string; readonly url: string }

/** A destination whose config was parsed: ready for attempts, whatever its kind. */
export type OpenDestination<Message, Tools> = {
  /** The parsed config, with its secrets in clear text; it is stored only sealed. */
  readonly config: Readonly<Record<string, unknown>>
  /** The part of the config that may be shown: an e-mail address, a host name. */
  readonly summarize: () => string
  readonly urls: readonly NamedUrl[]
  /** Makes one attempt, within the timeout of the queue's rules. */
  readonly attempt: (message: Message, tools: Tools) => Promise<Attempt>
}

/** A kind of destination, as seen by the code that stores destinations. Each parsing function throws a ZodError. */
export type DestinationKind<Message, Tools> = {
  readonly title: string
  /** The schema of the config that a client sends. */
  readonly config: z.ZodObject
  /** The schema of a change to a stored config: any part of it. */
  readonly change: z.ZodObject
  readonly example: Readonly<Record<string, unknown>>
  /** True when strangers could receive messages this way, so that nothing is sent before the recipient has agreed. */
  readonly needsVerification: boolean
  readonly accept: (sent: unknown) => OpenDestination<Message, Tools>
  readonly open: (stored: unknown) => OpenDestination<Message, Tools>
  /** Merges a change into the stored config: a member that is absent, or reads `{"set": true}`, keeps its value. */
  readonly revise: (
    kept: Readonly<Record<string, unknown>>,
    sent: Readonly<Record<string, unknown>>,
  ) => OpenDestination<Message, Tools>
}

const kept = z.strictObject({ set: z.literal(true) })

/**
 * Defines a kind of destination: what its config holds, what of it may be shown, and how one attempt is made. The
 * delivery engine does the rest (leases, retries, order, the log). `Message` is what is sent, `Tools` what an attempt
 * needs.
 */
export function defineDestination<Shape extends z.ZodRawShape, Message, Tools>(kind: {
  readonly title: string
  readonly config: z.ZodObject<Shape>
  /** The schema of stored configs, if older ones had to satisfy less. Default: as `config`. */
  readonly stored?: z.ZodObject<Record<keyof Shape, z.ZodType>> & z.ZodType<z.output<z.ZodObject<Shape>>>
  readonly example: z.output<z.ZodObject<Shape>> & Readonly<Record<string, unknown>>
  readonly summary: (config: z.output<z.ZodObject<Shape>>) => string
  /** The URLs in a config, which users choose. Default: none. */
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
