import type { ServiceSchema } from '../service.ts'
import { personalTables } from './store/personal-tables.ts'

export const platformSchema: ServiceSchema = {
  migrations: [{ module: 'platform', folder: new URL('./migrations/', import.meta.url) }],
  partitions: [],
  personal: personalTables,
}
