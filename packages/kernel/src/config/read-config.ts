import type { z } from 'zod'

/** One setting: its environment variable, what it takes, and how that is explained to an operator. */
export type Setting<Schema extends z.ZodType = z.ZodType> = {
  readonly variable: string
  /** Parses the text of the variable, or the JSON value of the file. */
  readonly schema: Schema
  /** One line for people: what it does. */
  readonly about: string
  /** What a good value looks like. */
  readonly example: string
  /** The default in words; the value itself is the schema's. */
  readonly unset: string
}

export type Settings = Readonly<Record<string, Setting>>

export type Config<S extends Settings> = {
  readonly values: { readonly [Name in keyof S]: z.output<S[Name]['schema']> }
  readonly origins: { readonly [Name in keyof S]: 'environment' | 'file' | 'default' }
}

export type ConfigSources = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Members named like the settings; undefined when there is no file. */
  readonly file: Readonly<Record<string, unknown>> | undefined
  /** Names in the environment that start so must be known. */
  readonly prefixes: readonly string[]
  /** Names with such a prefix that other parts of the program read. */
  readonly alsoKnown: readonly string[]
}

/**
 * Reads every setting once. Throws one Error that lists all that is wrong, each with the name, what it must be and an
 * example; a value is never repeated, since it may be a secret.
 */
export function readConfig<const S extends Settings>(settings: S, sources: ConfigSources): Config<S> {
  const faults = [...findUnknownNames(settings, sources)]
  const values: Record<string, unknown> = {}
  const origins: Record<string, string> = {}
  for (const [name, setting] of Object.entries(settings)) {
    const text = sources.env[setting.variable]
    const given = text === undefined || text === '' ? sources.file?.[name] : text
    origins[name] = given === undefined ? 'default' : given === text ? 'environment' : 'file'
    const parsed = setting.schema.safeParse(given)
    if (parsed.success) values[name] = parsed.data
    else faults.push(`${setting.variable} must be ${setting.about.toLowerCase()}, such as ${setting.example}`)
  }
  if (faults.length > 0) throw new Error(`The configuration is not valid:\n  ${faults.join('\n  ')}`)
  // Safe: each member was parsed by the schema of the setting with its name.
  return Object.freeze({ values: Object.freeze(values), origins: Object.freeze(origins) }) as Config<S>
}

function findUnknownNames(
  settings: Settings,
  { env, file, prefixes, alsoKnown }: ConfigSources,
): readonly string[] {
  const known = new Set([...Object.values(settings).map(({ variable }) => variable), ...alsoKnown])
  const variables = Object.keys(env)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)) && !known.has(name))
    .map((name) => `${name} is not a setting that Gatehouse knows`)
  const members = Object.keys(file ?? {})
    .filter((name) => settings[name] === undefined)
    .map((name) => `gatehouse.config.json: ${name} is not a setting that Gatehouse knows`)
  return [...variables, ...members]
}

/** `.env.example`: every setting in a line of words and one of code. */
export function toEnvExample(settings: Settings): string {
  return Object.values(settings)
    .map(({ variable, about, example, unset }) => `# ${about}. Unset: ${unset}\n# ${variable}=${example}\n`)
    .join('\n')
}
