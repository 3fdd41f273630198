import { volatilityEndpoints } from '../contract/endpoints.ts'

/** How the log of calls names what this service answers; other services have paths below `/v1` too. */
export const ownRoutes: readonly string[] = [...new Set(volatilityEndpoints.map(({ path }) => path))]
