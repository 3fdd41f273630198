import type { ServiceSchema } from '../service.ts'
import { platformRetention } from './retention.ts'
import { orgTables } from './store/org-tables.ts'
import { personalTables } from './store/personal-tables.ts'

export const platformSchema: ServiceSchema = {
  migrations: [{ module: 'platform', folder: new URL('./migrations/', import.meta.url) }],
  partitions: [],
  retention: platformRetention,
  personal: personalTables,
  orgs: orgTables,
}
