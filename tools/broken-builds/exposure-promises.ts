/** What is promised of what is done when a secret is exposed. */
export const exposurePromises = [
  'rotate-first-investigate-second',
  'every-runbook-drills-in-seconds',
] as const
