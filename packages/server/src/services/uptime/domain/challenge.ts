/** Whether an answer returns the challenge: as text alone, or as the member `challenge` of a JSON object. */
export function isEchoed(answer: string, challenge: string): boolean {
  if (answer.trim() === challenge) return true
  try {
    const value: unknown = JSON.parse(answer)
    return typeof value === 'object' && value !== null && Reflect.get(value, 'challenge') === challenge
  } catch {
    return false
  }
}
