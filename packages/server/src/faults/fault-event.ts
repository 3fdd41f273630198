import type { LogFields } from '@gatehouse/kernel/log'

/**
 * The part of a logged fault that is sent to Sentry: the log message, which is a constant, the class and code of the
 * error, and the functions on its stack. The message of an error can quote what a client sent, so it stays in the log,
 * where it is found by the request id.
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

/** The log fields that say where a fault happened; none of them identifies a client or its data. */
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
  // The message precedes the frames and may contain anything, so only what follows it is parsed.
  const at = text === '' ? -1 : stack.indexOf(text)
  const [own = ''] = stack.slice(at < 0 ? 0 : at + text.length).split('\ncaused by')
  return { type, stacktrace: { frames: toFrames(own) } }
}

/**
 * The stack frames, oldest first, as Sentry expects. File names are relative to the root of the product, or of their
 * package.
 */
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
