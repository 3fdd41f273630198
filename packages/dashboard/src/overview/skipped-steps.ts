export const steps = ['monitor', 'check', 'destination', 'page', 'key'] as const
export type Step = (typeof steps)[number]

const itemOf = (teamId: string): string => `gatehouse-skipped-${teamId}`

/** The steps that were skipped for an organisation in this browser. */
export function readSkipped(teamId: string): readonly Step[] {
  const kept = localStorage.getItem(itemOf(teamId))?.split(' ') ?? []
  return steps.filter((step) => kept.includes(step))
}

/** Whether all steps were done once in this browser, so that they are not queried again. */
export function wasAllDone(teamId: string): boolean {
  return localStorage.getItem(`${itemOf(teamId)}-done`) !== null
}

export function keepAllDone(teamId: string): void {
  localStorage.setItem(`${itemOf(teamId)}-done`, 'yes')
}

export function keepSkipped(teamId: string, skipped: readonly Step[]): void {
  localStorage.setItem(itemOf(teamId), skipped.join(' '))
}
