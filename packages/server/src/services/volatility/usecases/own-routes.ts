import { volatilityEndpoints } from '../contract/endpoints.ts'

/** This service's routes as the call log names them; other services have paths below `/v1` too. */
export const ownRoutes: readonly string[] = [...new Set(volatilityEndpoints.map(({ path }) => path))]
