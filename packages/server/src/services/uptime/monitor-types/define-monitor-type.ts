import type { EgressRequest, EgressResponse, Phases, TargetInput } from '@gatehouse/kernel/egress'
import type { z } from 'zod'
import type { Finding } from '../domain/assess.ts'
import type { FaultOf, Sentences } from './sentence.ts'

/** What a monitor looks at, and the member of its config that names it: where a refusal of the target is shown. */
export type Target = { readonly field: string; readonly input: TargetInput }

/** What a check knows of every answer, whatever else it learns. */
export type Contact = { readonly remoteAddress: string; readonly phases: Phases; readonly status?: number }

/**
 * The network as a check sees it: through egress, within the monitor's time-out. What goes wrong on the way is thrown
 * and told by whoever runs the check.
 */
export type Look = {
  readonly connect: (target: TargetInput) => Promise<Contact>
  readonly request: (
    request: Pick<EgressRequest, 'url' | 'method' | 'headers' | 'body' | 'verifyCertificate'> & {
      /** False: the connection is cut after the headers. */
      readonly readsBody: boolean
    },
  ) => Promise<EgressResponse>
}

/** A monitor type as the rest of the service sees it. */
export type MonitorKind<Config, Secrets> = {
  /** What people call it, and the name of a monitor that has neither a name nor a target. */
  readonly title: string
  /** What people may send; a default is filled in and shown in replies. */
  readonly config: z.ZodType<Config>
  /** A config that can be saved as it is. */
  readonly example: Readonly<Record<string, unknown>>
  /** Members of the config that are kept sealed, with what was sent in their place. */
  readonly secrets: z.ZodObject<z.ZodRawShape> & z.ZodType<Secrets>
  readonly sentences: Sentences
  /** Null: nothing looks at it, because a job tells how it is. */
  readonly target: (config: Config) => Target | null
  readonly timeoutMs: (config: Config) => number | null
  /** Looks once. Null for a type that is told. */
  readonly look:
    | ((
        config: Config,
        look: Look,
        secrets: Secrets,
      ) => Promise<{ readonly contact: Contact; readonly fault: Finding | undefined }>)
    | null
}

/**
 * A type whose target is looked at. Everything that the service has to know of it is here: `check` looks through
 * egress alone, and `assess` says what is wrong with an answer, if anything.
 */
export function defineMonitorType<
  Config extends { readonly timeoutMs: number },
  Sent extends Readonly<Record<string, unknown>>,
  Secrets,
  Answer extends Contact,
  S extends Sentences,
>(type: {
  readonly title: string
  readonly config: z.ZodType<Config, Sent>
  readonly example: Sent
  readonly secrets: z.ZodObject<z.ZodRawShape> & z.ZodType<Secrets>
  readonly sentences: S
  readonly target: (config: Config) => Target
  readonly check: (config: Config, look: Look, secrets: Secrets) => Promise<Answer>
  readonly assess: (answer: Answer, config: Config) => (FaultOf<S> & Finding) | undefined
}): MonitorKind<Config, Secrets> {
  const { check, assess, ...shared } = type
  return {
    ...shared,
    timeoutMs: ({ timeoutMs }) => timeoutMs,
    look: async (config, look, secrets) => {
      const contact = await check(config, look, secrets)
      return { contact, fault: assess(contact, config) }
    },
  }
}

/** A type that looks at nothing: a job tells how it is, and silence beyond its deadline is trouble. */
export function defineToldType<Config, Sent extends Readonly<Record<string, unknown>>, Secrets>(type: {
  readonly title: string
  readonly config: z.ZodType<Config, Sent>
  readonly example: Sent
  readonly secrets: z.ZodObject<z.ZodRawShape> & z.ZodType<Secrets>
  readonly sentences: Sentences
}): MonitorKind<Config, Secrets> {
  return { ...type, target: () => null, timeoutMs: () => null, look: null }
}
