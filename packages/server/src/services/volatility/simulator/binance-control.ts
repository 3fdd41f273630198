export type ControlState = { readonly streams: Set<string>; isCombined: boolean }

const methods = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'] as const
type Method = (typeof methods)[number]

/** Answers one control message, and updates the connection's subscriptions (protocols 2.3). */
export function answerControl(text: string, state: ControlState): string {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return say({ code: 3, msg: 'Invalid JSON: expected value at line 1 column 1' })
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return say({ code: 3, msg: 'Invalid JSON: expected value at line 1 column 1' })
  // Safe: a JSON object has string keys.
  const { method, params, id = null } = message as Record<string, unknown>
  if (!isId(id)) return invalid('request ID must be an unsigned integer')
  if (method === undefined) return invalid(`missing field \`method\` at line 1 column ${text.length}`)
  if (!isMethod(method)) {
    const known = methods.map((name) => `\`${name}\``).join(', ')
    return invalid(
      `unknown variant \`${JSON.stringify(method).replaceAll('"', '')}\`, expected one of ${known} at line 1 column 28`,
    )
  }
  const list: readonly unknown[] = Array.isArray(params) ? params : []
  switch (method) {
    case 'SUBSCRIBE':
      // Unknown streams can be subscribed to, but stay silent.
      for (const name of list) state.streams.add(String(name))
      return say({ result: null, id })
    case 'UNSUBSCRIBE':
      for (const name of list) state.streams.delete(String(name))
      return say({ result: null, id })
    case 'LIST_SUBSCRIPTIONS':
      return say({ result: [...state.streams], id })
    case 'SET_PROPERTY':
    case 'GET_PROPERTY':
      return answerProperty(method, list, id, state)
  }
}

function answerProperty(method: Method, list: readonly unknown[], id: unknown, state: ControlState): string {
  const [name, value] = list
  if (list.length > (method === 'SET_PROPERTY' ? 2 : 1)) return invalid('too many parameters')
  if (typeof name !== 'string') return invalid('property name must be a string')
  if (name !== 'combined') return say({ code: 0, msg: 'Unknown property', id })
  if (method === 'GET_PROPERTY') return say({ result: state.isCombined, id })
  if (typeof value !== 'boolean') return say({ code: 1, msg: 'Invalid value type: expected Boolean' })
  state.isCombined = value
  return say({ result: null, id })
}

/** A signed 64-bit integer, at most 36 letters and digits, or null. */
function isId(id: unknown): boolean {
  if (id === null) return true
  if (typeof id === 'number') return Number.isInteger(id) && Math.abs(id) < 2 ** 63
  return typeof id === 'string' && /^[0-9A-Za-z]{1,36}$/.test(id)
}

function isMethod(value: unknown): value is Method {
  return methods.some((method) => method === value)
}

function invalid(what: string): string {
  return say({ code: 2, msg: `Invalid request: ${what}` })
}

function say(value: unknown): string {
  return JSON.stringify(value)
}
