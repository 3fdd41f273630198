import { alertWords } from '../words/alert-words.ts'
import { eventWords } from '../words/event-words.ts'

const texts = new Map<string, string>(Object.entries({ ...eventWords, ...alertWords.eventTexts }))

/** What an event of a webhook or of an alert says happened; one of another version is shown by its name. */
export function tellEvent(event: string): string {
  return texts.get(event) ?? event
}
