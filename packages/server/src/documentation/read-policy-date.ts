import { readText } from './render-text.ts'

/**
 * The day on which the security policy was last changed, as the policy states it. Its page and `security.txt` show the
 * same day.
 */
export function readPolicyDate(): string {
  const [, date] = /^Last updated: (\d{4}-\d\d-\d\d)\.$/m.exec(readText('SECURITY.md')) ?? []
  if (date === undefined) throw new Error('SECURITY.md does not say when it was last updated')
  return date
}
