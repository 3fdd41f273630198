import { auditEndpointForKeys } from './platform/index.ts'
import type { ServiceModule } from './service.ts'

/** Lets the keys of a service read their org's audit log, which belongs to the platform. */
export function withAuditLog(
  service: ServiceModule,
  deps: Parameters<typeof auditEndpointForKeys>[0],
): ServiceModule {
  return { ...service, endpoints: [...service.endpoints, auditEndpointForKeys(deps)] }
}
