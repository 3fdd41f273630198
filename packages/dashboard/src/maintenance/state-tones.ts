/** The tone of each state of maintenance. */
export const stateTones = { active: 'maintenance', planned: 'unknown', over: 'paused' } as const
