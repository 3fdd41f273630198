import { readText } from './render-text.ts'

/** When the security policy was last changed, as it says itself: on its page and in `security.txt` stands the same day. */
export function readPolicyDate(): string {
  const [, date] = /^Last updated: (\d{4}-\d\d-\d\d)\.$/m.exec(readText('SECURITY.md')) ?? []
  if (date === undefined) throw new Error('SECURITY.md does not say when it was last updated')
  return date
}
