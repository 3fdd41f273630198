/** The limits of each plan, in figures of one service; `unlimited` is the plan of a self-hosted instance. */
export type Plans<Limits extends object = object> = {
  readonly unlimited: Limits
  readonly [name: string]: Limits
}

/** The limits of an org's plan. Throws for an unknown plan. */
export function findPlan<Limits extends object>(plans: Plans<Limits>, name: string): Limits {
  const limits = Object.hasOwn(plans, name) ? plans[name] : undefined
  if (limits === undefined) throw new Error(`No plan is called ${name}`)
  return limits
}
