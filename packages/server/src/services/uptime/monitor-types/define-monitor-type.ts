import type { EgressRequest, EgressResponse, Phases, TargetInput } from '@gatehouse/kernel/egress'
import type { z } from 'zod'
import type { Finding } from '../domain/assess.ts'
import type { FaultOf, Sentences } from './sentence.ts'

/** A monitor's target, and the config member that names it, which a refusal of the target refers to. */
export type Target = { readonly field: string; readonly input: TargetInput }

/** Data that a check has about every response. */
export type Contact = { readonly remoteAddress: string; readonly phases: Phases; readonly status?: number }

/**
 * The network as a check uses it: through egress, within the monitor's time-out. Failures are thrown and handled by
 * the caller.
 */
export type Look = {
  readonly connect: (target: TargetInput) => Promise<Contact>
  readonly request: (
    request: Pick<EgressRequest, 'url' | 'method' | 'headers' | 'body' | 'verifyCertificate'> & {
      /** False: the connection is closed after the headers. */
      readonly readsBody: boolean
    },
  ) => Promise<EgressResponse>
}

/** A monitor type as the rest of the service sees it. */
export type MonitorKind<Config, Secrets> = {
  /** The name shown to people; also the default name of a monitor without a target. */
  readonly title: string
  /** The accepted config; defaults are filled in and shown in replies. */
  readonly config: z.ZodType<Config>
  /** A valid config, for the documents. */
  readonly example: Readonly<Record<string, unknown>>
  /** The members of the config that are stored sealed, with the schema of their values. */
  readonly secrets: z.ZodObject<z.ZodRawShape> & z.ZodType<Secrets>
  readonly sentences: Sentences
  /** Null for types that are pinged instead of checked. */
  readonly target: (config: Config) => Target | null
  readonly timeoutMs: (config: Config) => number | null
  /** Runs one check. Null for types that are pinged. */
  readonly look:
    | ((
        config: Config,
        look: Look,
        secrets: Secrets,
      ) => Promise<{ readonly contact: Contact; readonly fault: Finding | undefined }>)
    | null
}

/**
 * Defines a type whose target is checked. It contains everything the service needs to know about it: `check` uses
 * only egress, and `assess` returns the fault of a response, if any.
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

/** Defines a type that is pinged: a job reports its runs, and silence beyond the deadline is a failure. */
export function defineToldType<Config, Sent extends Readonly<Record<string, unknown>>, Secrets>(type: {
  readonly title: string
  readonly config: z.ZodType<Config, Sent>
  readonly example: Sent
  readonly secrets: z.ZodObject<z.ZodRawShape> & z.ZodType<Secrets>
  readonly sentences: Sentences
}): MonitorKind<Config, Secrets> {
  return { ...type, target: () => null, timeoutMs: () => null, look: null }
}
