import { toFieldFaults } from '@gatehouse/kernel/endpoint'
import { type ClientMessage, clientMessage } from '../contract/stream.ts'

type Parsed =
  | { readonly accepted: true; readonly message: ClientMessage }
  | { readonly accepted: false; readonly sentence: string; readonly id?: string }

/** Parses a client's message, or says what is wrong with it. */
export function parseStreamMessage(text: string): Parsed {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { accepted: false, sentence: 'A message is one object of JSON' }
  }
  const parsed = clientMessage.safeParse(json)
  if (parsed.success) return { accepted: true, message: parsed.data }
  const faults = toFieldFaults(parsed.error, 'message')
  const sentence = faults.map(({ field, message }) => `${field}: ${message}`).join('; ')
  const id = typeof json === 'object' && json !== null && 'id' in json ? json.id : undefined
  return { accepted: false, sentence, ...(typeof id === 'string' ? { id: id.slice(0, 64) } : {}) }
}
