import type { LogFields } from '@gatehouse/kernel/log'

/**
 * What leaves for Sentry of a line of the log that tells of a fault: the sentence of the log, which is a constant; the
 * class and code of the error; which functions it went through. The text of an error can quote what somebody sent, so it
 * stays in the log, where the request id finds it.
 */
export type FaultEvent = {
  readonly event_id: string
  readonly timestamp: number
  readonly platform: 'node'
  readonly level: 'error'
  readonly logger: 'gatehouse'
  readonly release: string
  readonly message: { readonly formatted: string }
  readonly tags: Readonly<Record<string, string>>
  readonly exception?: {
    readonly values: readonly {
      readonly type: string
      readonly stacktrace: { readonly frames: readonly Frame[] }
    }[]
  }
}

type Frame = { readonly function: string; readonly filename: string; readonly lineno: number }

/** Of the fields of the log, those that say where it happened, and never whose or what. */
const toldFields = ['requestId', 'method', 'route', 'service', 'job', 'code'] as const
const framesMax = 30

type Fault = {
  readonly id: string
  readonly atMs: number
  readonly release: string
  readonly sentence: string
  readonly fields: LogFields
}

export function toFaultEvent({ id, atMs, release, sentence, fields }: Fault): FaultEvent {
  const stack = typeof fields.stack === 'string' ? fields.stack : undefined
  return {
    event_id: id,
    timestamp: atMs / 1_000,
    platform: 'node',
    level: 'error',
    logger: 'gatehouse',
    release,
    message: { formatted: sentence },
    tags: Object.fromEntries(
      toldFields.flatMap((name) => {
        const value = fields[name]
        return typeof value === 'string' && /^[\w {}./:-]{1,200}$/.test(value) ? [[name, value]] : []
      }),
    ),
    ...(stack === undefined
      ? {}
      : { exception: { values: [toException(stack, String(fields.error ?? ''))] } }),
  }
}

function toException(stack: string, text: string) {
  const [, type = 'Error'] = /^([A-Za-z_$][\w$]{0,60})(?::|\n|$)/.exec(stack) ?? []
  // The text comes first and can look like anything, so what follows it is read alone.
  const at = text === '' ? -1 : stack.indexOf(text)
  const [own = ''] = stack.slice(at < 0 ? 0 : at + text.length).split('\ncaused by')
  return { type, stacktrace: { frames: toFrames(own) } }
}

/** Oldest first, as Sentry wants them. Files are named from the root of the product, or of their module. */
function toFrames(stack: string): readonly Frame[] {
  const frames = stack.split('\n').flatMap((line): Frame[] => {
    const [, name = '<anonymous>', place = '', lineNumber] =
      /^ {4}at (?:async )?(?:([\w$.<># ]{1,120}?)(?: \[as [\w$]+\])? \()?((?:file:\/\/|node:|\/)[^\s()]{1,500}):(\d{1,7}):\d{1,7}\)?$/.exec(
        line,
      ) ?? []
    const filename = toFilename(place)
    return filename === undefined ? [] : [{ function: name, filename, lineno: Number(lineNumber) }]
  })
  return frames.slice(0, framesMax).toReversed()
}

function toFilename(place: string): string | undefined {
  if (place.startsWith('node:')) return place
  return /(?:node_modules|packages)\/[\w@./-]+$/.exec(place)?.[0]
}
