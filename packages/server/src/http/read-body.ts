import type { IncomingMessage } from 'node:http'
import { Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { type Endpoint, fileMediaType, findUnfit, toFieldFaults } from '@gatehouse/kernel/endpoint'
import type { z } from 'zod'
import { arrayEntriesMaxOf } from './array-entries-max.ts'
import { jsonBounds, judgeJson } from './judge-json.ts'
import { problems } from './problems.ts'
import { readTextBody } from './read-text-body.ts'
import { takesLong } from './slow-bodies.ts'

export const bodyBytesDefault = 1_048_576
/** The limit for callers who are not authenticated, and for all endpoints that lead to a session. */
export const strangersBytesMax = 16_384
/** A streamed body has no total timeout, only one between two chunks. */
const streamIdleMs = 30_000

/** The checks on JSON before a schema sees it. */
export type JsonRules = {
  readonly depthMax: number
  /** Whether a body with a repeated name is refused as invalid JSON (400), and not for that member (422). */
  readonly isRepeatUnreadable: boolean
}

const usualRules: JsonRules = { depthMax: jsonBounds.depthMax, isRepeatUnreadable: false }

/** The limit of an endpoint's body in bytes, counted after decompression (H1). */
export function bodyBytesMaxOf({ access, path, bodyBytesMax = bodyBytesDefault }: Endpoint): number {
  const isStrangers = access.kind === 'public' || path.startsWith('/auth/')
  return isStrangers ? Math.min(bodyBytesMax, strangersBytesMax) : bodyBytesMax
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

/** The parsed value of a missing body. */
export function noBody({ body, textBody, streamedBody }: Endpoint): unknown {
  if (streamedBody !== undefined) return Readable.from([])
  return textBody === true ? undefined : parsePart(body, undefined, 'body')
}

/** Reads the body in the form that the endpoint takes: parsed by its schema, as text, as a stream, or none. */
export async function readBody(
  endpoint: Endpoint,
  request: IncomingMessage,
  rules: JsonRules = usualRules,
): Promise<unknown> {
  const bytesMax = bodyBytesMaxOf(endpoint)
  if (endpoint.textBody === true) return readTextBody(request, bytesMax)
  if (endpoint.streamedBody !== undefined) {
    if (request.headers['content-length'] === '0') return noBody(endpoint)
    assertMediaType(request, endpoint.streamedBody, fileMediaType)
    return streamBody(request)
  }
  const bytes = await readBytes(request, bytesMax)
  if (endpoint.body !== undefined) {
    if (bytes === undefined) return noBody(endpoint)
    assertJson(request)
    return parseJsonBody(endpoint.body, bytes, rules)
  }
  if (bytes !== undefined && !isEmptyObject(bytes)) throw invalid('is not accepted here')
  return undefined
}

/** Many clients send `{}` when there is nothing to say, with any media type. */
function isEmptyObject(bytes: Buffer): boolean {
  return /^\s*\{\s*\}\s*$/.test(bytes.toString('latin1', 0, 1_000)) && bytes.length <= 1_000
}

/** Refuses another media type like invalid JSON: the body has not been looked at, so no member can be blamed. */
function assertJson(request: IncomingMessage): void {
  if (mediaTypeOf(request) === 'application/json') return
  throw problems.INVALID_JSON({ fields: [{ field: 'body', message: 'must be sent as application/json' }] })
}

function assertMediaType(request: IncomingMessage, wanted: string, other: string): void {
  const mediaType = mediaTypeOf(request)
  if (mediaType !== wanted && mediaType !== other) throw invalid(`must be sent as ${wanted}`)
}

function mediaTypeOf({ headers }: IncomingMessage): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
}

/** Yields the decompressed bytes as they arrive, with backpressure and a timeout between two chunks. */
async function* streamBody(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  const stream = inflate(request)
  takesLong(request)
  const wait = (): NodeJS.Timeout => setTimeout(() => request.destroy(new EndedEarly()), streamIdleMs)
  let idle = wait()
  try {
    for await (const chunk of stream) {
      // From here on the delay is the consumer's, so the timeout is off.
      clearTimeout(idle)
      // Safe: neither the request nor the inflaters have an encoding set, so they yield buffers.
      yield chunk as Buffer
      idle = wait()
    }
  } catch (error) {
    throw toBodyFault(stream, error)
  } finally {
    clearTimeout(idle)
  }
}

/** All the work of a body on the event loop once its bytes have arrived. */
export function parseJsonBody(schema: z.ZodType, bytes: Buffer, rules: JsonRules = usualRules): unknown {
  return parsePart(schema, parseJson(bytes, arrayEntriesMaxOf(schema), rules), 'body')
}

async function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const declared = Number(request.headers['content-length'] ?? Number.NaN)
  if (declared > bytesMax) throw tooLarge(bytesMax)
  if (declared === 0 || (Number.isNaN(declared) && request.headers['transfer-encoding'] === undefined))
    return undefined
  const bytes = await collect(inflate(request), bytesMax)
  return isBlank(bytes) ? undefined : bytes
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d))
}

/** Parses a part of the request with the endpoint's schema; an error names the field. */
export function parsePart<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  root: string,
): z.output<S> | undefined {
  if (schema === undefined) return undefined
  const parsed = schema.safeParse(value ?? (root === 'body' ? {} : value))
  if (parsed.success) return parsed.data
  throw problems.VALIDATION_ERROR({ fields: toFieldFaults(parsed.error, root) })
}

function inflate(request: IncomingMessage): Readable {
  switch (request.headers['content-encoding']?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return request
    case 'gzip':
      return through(request, createGunzip())
    case 'deflate':
      return through(request, createInflate())
    case 'br':
      return through(request, createBrotliDecompress())
    default:
      throw invalid('must be sent as it is, or with Content-Encoding gzip, deflate or br')
  }
}

/** Decodes a body. If the client disconnects in the middle, the decoder is ended too, because it would wait forever. */
function through(request: IncomingMessage, decoder: Transform): Readable {
  request.once('close', () => {
    if (!request.complete) decoder.destroy(new EndedEarly())
  })
  return request.pipe(decoder)
}

class EndedEarly extends Error {}

async function collect(stream: Readable, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      // Safe: neither the request nor the inflaters have an encoding set, so they yield buffers.
      const bytes = chunk as Buffer
      size += bytes.length
      if (size > bytesMax) throw tooLarge(bytesMax)
      chunks.push(bytes)
    }
  } catch (error) {
    throw toBodyFault(stream, error)
  }
  return Buffer.concat(chunks, size)
}

/** The problem of a body that cannot be read to its end; any other error is returned unchanged. */
function toBodyFault(stream: Readable, error: unknown): unknown {
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
    return problems.VALIDATION_ERROR({
      fields: [{ field: 'body', message: 'cannot be decompressed' }],
      cause: error,
    })
  if (error instanceof EndedEarly || stream.errored === error)
    return problems.VALIDATION_ERROR({
      fields: [{ field: 'body', message: 'ended too early' }],
      cause: error,
    })
  return error
}

function parseJson(
  bytes: Buffer,
  arrayEntriesMax: number,
  { depthMax, isRepeatUnreadable }: JsonRules,
): unknown {
  const size = judgeJson(bytes, depthMax)
  if (!size.accepted) {
    if (!('name' in size)) throw invalid(sizeFaults(depthMax)[size.because])
    const refuse = isRepeatUnreadable ? problems.INVALID_JSON : problems.VALIDATION_ERROR
    throw refuse({ fields: [{ field: size.name, message: 'stands twice: give it once' }] })
  }
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const odd = findOddNumber(bytes)
    if (odd !== undefined) throw refused(odd.field, `is ${odd.word}, which is no number in JSON`)
    throw problems.INVALID_JSON({
      fields: [{ field: 'body', message: `is not valid JSON (${toReason(error)})` }],
      cause: error,
    })
  }
  assertHarmless(value, arrayEntriesMax)
  const unfit = findUnfit(value)
  if (unfit !== undefined) throw refused(unfit.path === '' ? 'body' : unfit.path, unfit.message)
  return value
}

const sizeFaults = (depthMax: number) => ({
  too_deep: `is nested more than ${depthMax} levels deep`,
  too_many_nodes: `holds more than ${jsonBounds.nodesMax} values`,
  too_many_members: `holds an object of more than ${jsonBounds.membersMax} members`,
})

const oddWords = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g

/** Finds a word that some languages write in place of a number, such as NaN, so that the error can name its field. */
function findOddNumber(bytes: Buffer): { readonly field: string; readonly word: string } | undefined {
  const words: string[] = []
  const marked = bytes.toString('utf8').replaceAll(oddWords, (word) => {
    if (word.startsWith('"')) return word
    words.push(word)
    return '1e999'
  })
  const [word] = words
  if (word === undefined) return undefined
  try {
    return { field: findInfinite(JSON.parse(marked), ''), word }
  } catch {
    return undefined
  }
}

/** The path of the first infinite number. The depth of the body was limited before. */
function findInfinite(value: unknown, path: string): string {
  if (value === Infinity || value === -Infinity) return path === '' ? 'body' : path
  if (typeof value !== 'object' || value === null) return ''
  for (const [name, member] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${name}]` : `${path}${path === '' ? '' : '.'}${name}`
    const found = findInfinite(member, place)
    if (found !== '') return found
  }
  return ''
}

const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Refuses member names that reach into prototypes (H3), and lists longer than any that the endpoint accepts: a schema
 * looks at every entry before it reports that there are too many.
 */
function assertHarmless(body: unknown, arrayEntriesMax: number): void {
  const rest: { readonly value: object; readonly path: string }[] = []
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null) rest.push({ value, path })
  }
  visit(body, 'body')
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { value, path } = next
    if (Array.isArray(value)) {
      if (value.length > arrayEntriesMax)
        throw refused(path, `must be a list of at most ${arrayEntriesMax} entries`)
      for (const [at, entry] of value.entries()) visit(entry, `${path}[${at}]`)
      continue
    }
    for (const [name, member] of Object.entries(value)) {
      if (forbiddenNames.has(name)) throw refused(`${path}.${name}`, 'is not an accepted name')
      visit(member, `${path}.${name}`)
    }
  }
}

function toReason(error: unknown): string {
  // V8's message quotes the text around the fault. A caller may get the position, but logs and screens must not get the
  // body.
  const position = error instanceof Error ? /position \d+/.exec(error.message)?.[0] : undefined
  return position === undefined ? 'it ends too early or is not UTF-8' : `at ${position}`
}

function invalid(message: string): Error {
  return refused('body', message)
}

function refused(field: string, message: string): Error {
  return problems.VALIDATION_ERROR({ fields: [{ field, message }] })
}

function tooLarge(bytesMax: number): Error {
  return problems.TOO_LARGE({ detail: `body: must be at most ${bytesMax} bytes` })
}
