import type { z } from 'zod'

/** One setting: its environment variable, the values it accepts, and how an operator is told about it. */
export type Setting<Schema extends z.ZodType = z.ZodType> = {
  readonly variable: string
  /** Parses the text of the variable, or the JSON value of the file. */
  readonly schema: Schema
  /** One line for operators: what the setting does. */
  readonly about: string
  /** What a valid value is, as the end of a sentence that says "must be". */
  readonly shape: string
  /** An example of a valid value. */
  readonly example: string
  /** The default in words; the value itself is in the schema. */
  readonly unset: string
}

export type Settings = Readonly<Record<string, Setting>>

export type Origin = 'environment' | 'file' | 'default'

export type Config<S extends Settings> = {
  readonly values: { readonly [Name in keyof S]: z.output<S[Name]['schema']> }
  readonly origins: { readonly [Name in keyof S]: Origin }
}

export type ConfigSources = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The members of the config file, named like the settings; undefined when there is no file. */
  readonly file: Readonly<Record<string, unknown>> | undefined
  /** Environment variables with one of these prefixes must be known settings. */
  readonly prefixes: readonly string[]
  /** Variables with such a prefix that other parts of the program read. */
  readonly alsoKnown: readonly string[]
}

/**
 * Reads every setting once: from the environment, else from the file, else its default; an empty variable counts as
 * unset. Throws one Error that lists all faults, each with the name, what a valid value is and an example. A value is
 * never repeated, since it may be a secret.
 */
export function readConfig<const S extends Settings>(settings: S, sources: ConfigSources): Config<S> {
  const faults = findUnknownNames(settings, sources)
  const values: Record<string, unknown> = {}
  const origins: Record<string, Origin> = {}
  for (const [name, setting] of Object.entries(settings)) {
    const { origin, given } = findValue(name, setting, sources)
    const parsed = setting.schema.safeParse(given)
    if (parsed.success) values[name] = freeze(parsed.data)
    else
      faults.push(`${sayWhere(name, setting, origin)} must be ${setting.shape}, such as ${setting.example}`)
    origins[name] = origin
  }
  if (faults.length > 0) throw new Error(`The configuration is not valid:\n  ${faults.join('\n  ')}`)
  // Safe: each member was parsed by the schema of the setting with its name.
  return Object.freeze({ values: Object.freeze(values), origins: Object.freeze(origins) }) as Config<S>
}

/** The text of `.env.example`: for each setting a line that explains it and a line that sets it, commented out. */
export function toEnvExample(settings: Settings): string {
  return Object.values(settings)
    .map(({ variable, about, example, unset }) => `# ${about}. Unset: ${unset}.\n# ${variable}=${example}\n`)
    .join('\n')
}

function findValue(
  name: string,
  { variable }: Setting,
  { env, file }: ConfigSources,
): { readonly origin: Origin; readonly given: unknown } {
  const text = env[variable]
  if (text !== undefined && text !== '') return { origin: 'environment', given: text }
  if (file !== undefined && Object.hasOwn(file, name)) return { origin: 'file', given: file[name] }
  return { origin: 'default', given: undefined }
}

function sayWhere(name: string, { variable }: Setting, origin: Origin): string {
  return origin === 'file' ? `${variable} (${name} in the configuration file)` : variable
}

function findUnknownNames(settings: Settings, { env, file, prefixes, alsoKnown }: ConfigSources): string[] {
  const known = new Set([...Object.values(settings).map(({ variable }) => variable), ...alsoKnown])
  const variables = Object.keys(env)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !known.has(name))
    .map((name) => toUnknown(name, [...known]))
  const members = Object.keys(file ?? {})
    .filter((name) => !Object.hasOwn(settings, name))
    .map((name) => `${toUnknown(name, Object.keys(settings))}, yet it stands in the configuration file`)
  return [...variables, ...members]
}

function toUnknown(name: string, known: readonly string[]): string {
  const meant = known.find((candidate) => isOneSlipAway(name, candidate))
  return `${name} is not a setting that Gatehouse knows${meant === undefined ? '' : ` (did you mean ${meant}?)`}`
}

/** Whether two names differ by one typing error: a letter added, left out or replaced, or two neighbours swapped. */
function isOneSlipAway(name: string, candidate: string): boolean {
  let start = 0
  while (start < name.length && name[start] === candidate[start]) start += 1
  const rest = name.slice(start)
  const other = candidate.slice(start)
  return (
    rest.slice(1) === other ||
    rest === other.slice(1) ||
    rest.slice(1) === other.slice(1) ||
    (rest[0] === other[1] && rest[1] === other[0] && rest.slice(2) === other.slice(2))
  )
}

function freeze(value: unknown): unknown {
  return Array.isArray(value) ? Object.freeze(value) : value
}
