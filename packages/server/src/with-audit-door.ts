import { bind } from '@gatehouse/kernel/endpoint'
import { listAuditLogs, toAuditDoor } from './platform/index.ts'
import type { Service } from './service/define-service.ts'

/** Lets the keys of a service read their org's audit log, which belongs to the platform, at the service's path. */
export function withAuditDoor(service: Service): Service {
  const { auditDoor } = service
  if (auditDoor === null) return service
  const endpoint = toAuditDoor(auditDoor)
  return {
    ...service,
    endpoints: [...service.endpoints, endpoint],
    build: (deps) => {
      const built = service.build(deps)
      const handle = bind(endpoint, (caller, { query }) => listAuditLogs(deps, caller, query))
      return { ...built, endpoints: [...built.endpoints, handle] }
    },
  }
}
