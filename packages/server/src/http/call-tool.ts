import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { rehearse } from '@gatehouse/kernel/db'
import type { Endpoint } from '@gatehouse/kernel/endpoint'
import type { Judged } from '@gatehouse/kernel/limits'
import { defineProblems, type FieldFault } from '@gatehouse/kernel/problem'
import type { ChosenForm } from '../mcp/choose-form.ts'
import type { ServedTool } from '../mcp/list-tools.ts'
import { toData } from '../mcp/to-data.ts'
import type { ServedService } from '../service/define-service.ts'
import { type Answer, toAnswer } from './answer.ts'
import { answerOnce, usualIdempotency } from './answer-once.ts'
import type { Proven } from './authenticate.ts'
import { limitOf } from './call-limits.ts'
import { noBody, parsePart } from './read-body.ts'
import { problems as shared } from './problems.ts'
import { assertAdmitted, assertAllowed, type Context, refuse, type ServeDeps } from './serve.ts'

export type ToolCall = {
  readonly service: ServedService
  readonly proven: Proven
  readonly context: Context
  /** The decisions of limits on the request so far; that of the key is added. */
  readonly judged: Judged[]
}

export type ToolOutcome = { readonly status: number; readonly result: CallToolResult }

type Arguments = Readonly<Record<string, unknown>>

const problems = defineProblems({ VALIDATION_FAILED: [422, 'The request is not valid'] })

/** Handles a call of a tool as a request of its endpoint would be handled, from the limit of the key to the reply. */
export async function callTool(
  deps: ServeDeps,
  call: ToolCall,
  { tool, args, fault }: ChosenForm,
): Promise<ToolOutcome> {
  const { service, proven, context, judged } = call
  try {
    const limit = limitOf(service, tool.endpoint, proven, {})
    if (limit !== undefined)
      judged.push({ rule: limit.rule, decision: await deps.limiter.charge(limit.rule, limit.subject) })
    assertAdmitted(judged, {})
    const faults = deps.judgeControlTokens(args)
    if (faults.length > 0) return toControlRefusal(faults, context.requestId)
    assertAllowed(tool.endpoint, proven.caller)
    if (fault !== undefined) throw shared.VALIDATION_ERROR({ fields: [fault] })
    const { preview, rest, once } = readOwnArguments(tool, args)
    const input = toInput(tool, rest)
    const perform = async (): Promise<Answer> =>
      toAnswer(tool.endpoint, await tool.handle(callerOf(tool.endpoint, proven), input, context), plain)
    if (preview) return toPreview(tool, await rehearseCall(deps, proven, perform))
    const rules = service.policy.idempotency ?? usualIdempotency
    const answer = await answerOnce(deps, tool.endpoint, rules, proven.caller, once, input, perform)
    return toOutcome(answer.status, { status: answer.status, data: toData(readJson(answer)) })
  } catch (error) {
    const { status, body, headers } = refuse(deps, service, tool.endpoint, error, context.requestId)
    const { 'retry-after': retryAfter } = headers
    return toOutcome(status, {
      status,
      ...(retryAfter === undefined ? {} : { retry_after_seconds: Number(retryAfter) }),
      // Safe: an error envelope is an object.
      ...(toData(readJson({ body })) as object),
    })
  }
}

/** No header of the request affects a reply that is sent inside a message. */
const plain = { headers: {} }

function callerOf({ access }: Endpoint, { caller }: Proven): Proven['caller'] {
  return access.kind === 'public' && access.orKey !== true ? { kind: 'visitor', ip: caller.ip } : caller
}

function rehearseCall(deps: ServeDeps, { caller }: Proven, perform: () => Promise<Answer>): Promise<Answer> {
  if (caller.kind === 'visitor') throw new Error('Only a key calls tools')
  return rehearse(deps, caller, perform)
}

/** Separates the arguments of the tool itself from those of its endpoint. */
function readOwnArguments({ tool, endpoint }: ServedTool, args: Arguments) {
  if (tool.preview === undefined) return { preview: false, rest: args, once: undefined }
  const { preview = false, ...rest } = args
  if (typeof preview !== 'boolean') throw refused('preview', 'must be true or false')
  if (endpoint.method !== 'POST') return { preview, rest, once: undefined }
  const { idempotency_key: once, ...others } = rest
  if (once !== undefined && typeof once !== 'string') throw refused('idempotency_key', 'must be text')
  return { preview, rest: others, once }
}

function toInput({ endpoint, params, query }: ServedTool, args: Arguments) {
  const pick = (names: ReadonlySet<string>): Arguments =>
    Object.fromEntries(
      Object.entries(args).flatMap(([name, value]) => (names.has(name) ? [[name, toText(value)]] : [])),
    )
  const left = Object.entries(args).filter(([name]) => !params.has(name) && !query.has(name))
  if (endpoint.body === undefined && left.length > 0)
    throw shared.VALIDATION_ERROR({
      fields: left.map(([name]) => ({ field: name, message: 'is not a known argument' })),
    })
  return {
    params: parsePart(endpoint.params, pick(params), 'path'),
    query: parsePart(endpoint.query, pick(query), 'query'),
    body:
      endpoint.body === undefined
        ? noBody(endpoint)
        : parsePart(endpoint.body, Object.fromEntries(left), 'body'),
  }
}

/** Path and query parameters are text. */
function toText(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}

function toPreview({ tool: { preview } }: ServedTool, answer: Answer): ToolOutcome {
  if (preview === undefined) throw new Error('This tool has no preview')
  const reply = readJson(answer)
  const shown = preview.shows.flatMap((name) =>
    typeof reply === 'object' && reply !== null && name in reply
      ? // Safe: the member was just seen there.
        [[name, (reply as Readonly<Record<string, unknown>>)[name]] as const]
      : [],
  )
  return toOutcome(answer.status, {
    status: answer.status,
    preview: true,
    would: preview.says,
    data: toData(Object.fromEntries(shown)),
  })
}

function toControlRefusal(faults: readonly FieldFault[], requestId: string): ToolOutcome {
  const { status, code, detail } = problems.VALIDATION_FAILED({ fields: faults })
  return toOutcome(status, {
    status,
    error: {
      code,
      message: detail,
      request_id: requestId,
      field: faults[0]?.field ?? null,
      errors: faults.map(({ field, message }) => ({ path: field, message })),
    },
  })
}

function toOutcome(status: number, content: Record<string, unknown>): ToolOutcome {
  return {
    status,
    result: {
      content: [{ type: 'text', text: JSON.stringify(content) }],
      structuredContent: content,
      isError: status >= 400,
    },
  }
}

function readJson({ body }: { readonly body: Answer['body'] }): unknown {
  if (typeof body !== 'string') throw new Error('A tool answers with JSON')
  return body === '' ? null : JSON.parse(body)
}

function refused(field: string, message: string): Error {
  return shared.VALIDATION_ERROR({ fields: [{ field, message }] })
}
