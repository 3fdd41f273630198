import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { toFieldFaults } from '@gatehouse/kernel/endpoint'
import type { z } from 'zod'
import { problems } from './problems.ts'

const depthMax = 32

/** The body as text of whatever media type, or undefined when there is none; counted while it streams. */
export async function readTextBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const bytes = await readBytes(request, bytesMax)
  return bytes?.toString('utf8')
}

/** The body as JSON, or undefined when there is none; counted while it streams, inflated bytes included (H1). */
export async function readJsonBody(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const bytes = await readBytes(request, bytesMax)
  if (bytes === undefined) return undefined
  const mediaType = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json') throw invalid('must be sent as application/json')
  return parseJson(bytes)
}

async function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const declared = Number(request.headers['content-length'] ?? Number.NaN)
  if (declared > bytesMax) throw tooLarge(bytesMax)
  if (declared === 0 || (Number.isNaN(declared) && request.headers['transfer-encoding'] === undefined))
    return undefined
  const bytes = await collect(inflate(request), bytesMax)
  return bytes.length === 0 ? undefined : bytes
}

/** Parses a part of the request with the endpoint's schema; a refusal names the field. */
export function parsePart<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  root: string,
): z.output<S> | undefined {
  if (schema === undefined) {
    if (root === 'body' && value !== undefined) throw invalid('is not accepted here')
    return undefined
  }
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
      return request.pipe(createGunzip())
    case 'deflate':
      return request.pipe(createInflate())
    case 'br':
      return request.pipe(createBrotliDecompress())
    default:
      throw invalid('must be sent as it is, or with Content-Encoding gzip, deflate or br')
  }
}

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
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw problems.VALIDATION_ERROR({
        fields: [{ field: 'body', message: 'cannot be decompressed' }],
        cause: error,
      })
    throw error
  }
  return Buffer.concat(chunks, size)
}

function parseJson(bytes: Buffer): unknown {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'body', message: `is not valid JSON (${toReason(error)})` }],
      cause: error,
    })
  }
  assertHarmless(value, 'body', 0)
  return value
}

/** Refuses nesting beyond what any endpoint takes, and names that reach into prototypes (H3). */
function assertHarmless(value: unknown, path: string, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth === depthMax) throw invalid(`is nested more than ${depthMax} levels deep`)
  for (const [name, inner] of Object.entries(value)) {
    if (name === '__proto__' || name === 'constructor' || name === 'prototype')
      throw problems.VALIDATION_ERROR({
        fields: [{ field: `${path}.${name}`, message: 'is not an accepted name' }],
      })
    assertHarmless(inner, `${path}.${name}`, depth + 1)
  }
}

function toReason(error: unknown): string {
  // V8 quotes the text around the fault; a caller may see the position, but a log or screen must not see the body.
  const position = error instanceof Error ? /position \d+/.exec(error.message)?.[0] : undefined
  return position === undefined ? 'it ends too early or is not UTF-8' : `at ${position}`
}

function invalid(message: string): Error {
  return problems.VALIDATION_ERROR({ fields: [{ field: 'body', message }] })
}

function tooLarge(bytesMax: number): Error {
  return problems.TOO_LARGE({ detail: `body: must be at most ${bytesMax} bytes` })
}
