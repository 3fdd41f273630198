/** What each plan allows, in figures of one service; `unlimited` is that of a self-hosted instance. */
export type Plans<Limits extends object = object> = {
  readonly unlimited: Limits
  readonly [name: string]: Limits
}

/** The limits of the plan that an org is on. A plan that the service does not have is a fault of ours. */
export function findPlan<Limits extends object>(plans: Plans<Limits>, name: string): Limits {
  const limits = Object.hasOwn(plans, name) ? plans[name] : undefined
  if (limits === undefined) throw new Error(`No plan is called ${name}`)
  return limits
}
