import type { GateRequest } from '../gate.ts'
import { askFirst, type GuardOptions, type Oversight } from './guard.ts'

/** A tool call that a model asks for. */
export type ToolCall = {
  readonly provider: 'openai' | 'anthropic'
  readonly model: string | undefined
  readonly id: string | undefined
  readonly tool: string
  /** As the model wrote them: JSON text (OpenAI) or an object (Anthropic). */
  readonly arguments: unknown
}

export type ToolGateOptions = GuardOptions & {
  /**
   * Adds details to a call's request, such as domain, stakes and operator. Return undefined for a call that needs no
   * gate.
   */
  readonly describe?: (call: ToolCall) => Partial<GateRequest> | undefined
}

type Method = (...args: never[]) => unknown

/** The paths, within the public clients of both vendors, of the methods whose replies contain tool calls. */
const places: readonly { readonly path: readonly string[]; readonly provider: ToolCall['provider'] }[] = [
  { path: ['chat', 'completions'], provider: 'openai' },
  { path: ['beta', 'chat', 'completions'], provider: 'openai' },
  { path: ['responses'], provider: 'openai' },
  { path: ['messages'], provider: 'anthropic' },
  { path: ['beta', 'messages'], provider: 'anthropic' },
]
/** Methods whose reply contains all tool calls of a turn. */
const gated: ReadonlySet<string | symbol> = new Set(['create', 'parse'])
/** Methods that run tools, or stream tool calls, before the gate could be asked. */
const refused: ReadonlySet<string | symbol> = new Set(['stream', 'runTools', 'runFunctions', 'toolRunner'])

/**
 * Wraps an OpenAI or Anthropic client: the gate is asked about every tool call in a reply before the reply is
 * returned, so the caller never receives a call that may not run. Methods that stream tool calls or run tools by
 * themselves are refused: guard the tools themselves there.
 */
export function guardToolCalls<Client extends object>(
  client: Client,
  oversight: Oversight,
  options: ToolGateOptions = {},
): Client {
  const found = places.filter(({ path }) => typeof readPath(client, [...path, 'create']) === 'function')
  if (found.length === 0)
    throw new TypeError('This is no client with chat.completions, responses or messages')
  return found.reduce(
    (guarded, { path, provider }) =>
      replaceIn(guarded, path, (resource) => toGuarded(resource, provider, oversight, options)),
    client,
  )
}

function toGuarded(
  resource: object,
  provider: ToolCall['provider'],
  oversight: Oversight,
  { describe, ...options }: ToolGateOptions,
): object {
  const ask = async (call: ToolCall): Promise<void> => {
    const more = describe === undefined ? {} : describe(call)
    if (more !== undefined) await askFirst(oversight, { ...toRequest(call), ...more }, options)
  }
  return view(resource, (name, member) => {
    if (typeof member !== 'function') return member
    if (refused.has(name)) return refuse
    // Safe: it was just seen to be a function.
    const method = member as Method
    if (!gated.has(name)) return method.bind(resource)
    return async (...args: never[]): Promise<unknown> => {
      const [params] = args as readonly unknown[]
      const { stream, tools, functions } = toObject(params)
      if (stream === true && (tools !== undefined || functions !== undefined)) refuse()
      const answer: unknown = await Reflect.apply(method, resource, args)
      await Promise.all(listCalls(answer, provider).map(ask))
      return answer
    }
  })
}

function refuse(): never {
  throw new TypeError(
    'Calls that are streamed, or run by the client, cannot be gated: guard the tools themselves',
  )
}

function toRequest({ provider, model, tool, arguments: args }: ToolCall): GateRequest {
  return {
    model: { provider, ...(model === undefined ? {} : { name: model }) },
    decision_category: tool.slice(0, 64),
    ai_output: { tool, arguments: args ?? null },
  }
}

function listCalls(answer: unknown, provider: ToolCall['provider']): readonly ToolCall[] {
  const { model, choices, output, content } = toObject(answer)
  const about = { provider, model: typeof model === 'string' ? model : undefined }
  const messages = toList(choices).map((choice) => toObject(toObject(choice)['message']))
  const called = [
    ...messages
      .flatMap((message) => toList(message['tool_calls']))
      .map((call) => {
        const { id, function: asked, custom } = toObject(call)
        const { name, arguments: args, input } = toObject(asked ?? custom)
        return { id, name, args: args ?? input }
      }),
    ...messages.flatMap(({ function_call: asked }) => {
      if (asked === undefined || asked === null) return []
      const { name, arguments: args } = toObject(asked)
      return [{ id: undefined, name, args }]
    }),
    ...toList(output)
      .map(toObject)
      .filter(({ type }) => typeof type === 'string' && type.endsWith('_call'))
      .map(({ type, call_id: id, name, arguments: args, input }) => ({
        id,
        name: name ?? type,
        args: args ?? input,
      })),
    ...toList(content)
      .map(toObject)
      .filter(({ type }) => typeof type === 'string' && type.endsWith('tool_use'))
      .map(({ id, name, input }) => ({ id, name, args: input })),
  ]
  return called.map(({ id, name, args }) => ({
    ...about,
    id: typeof id === 'string' ? id : undefined,
    tool: typeof name === 'string' ? name : 'unknown',
    arguments: args,
  }))
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  // Safe: any object may be read by name.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function readPath(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => toObject(at)[name], value)
}

/** A view of an object in which the member at a path is replaced; the object itself is not changed. */
function replaceIn<T extends object>(
  target: T,
  [name, ...rest]: readonly string[],
  replace: (member: object) => object,
): T {
  let made: object | undefined
  return view(target, (asked, member) => {
    // Safe: the member is only passed on. It is bound to the object itself, because private fields are not reachable
    // through a proxy.
    if (asked !== name) return typeof member === 'function' ? (member.bind(target) as unknown) : member
    // Safe: the caller has seen that the path leads through objects.
    const inner = member as object
    return (made ??= rest.length === 0 ? replace(inner) : replaceIn(inner, rest, replace))
  })
}

function view<T extends object>(target: T, toMember: (name: string | symbol, member: unknown) => unknown): T {
  return new Proxy(target, {
    // Safe: the value is only passed on.
    get: (owner, name) => toMember(name, Reflect.get(owner, name, owner) as unknown),
  })
}
