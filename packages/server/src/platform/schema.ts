import type { ServiceSchema } from '../service.ts'

export const platformSchema: ServiceSchema = {
  migrations: [{ module: 'platform', folder: new URL('./migrations/', import.meta.url) }],
  partitions: [],
}
