const fault = /^([\w.[\]]+): (.+)$/

/**
 * What a refusal such as `name: is required; config.url: must be a valid url` says of each field. Undefined when a part of
 * it is about no field.
 */
export function toFieldFaults(message: string): ReadonlyMap<string, string> | undefined {
  const faults = message.split(/; (?=[\w.[\]]+: )/).map((part) => fault.exec(part))
  const named = faults.flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const]))
  return named.length === faults.length && named.length > 0 ? new Map(named) : undefined
}
