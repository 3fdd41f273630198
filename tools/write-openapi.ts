import { writeFileSync } from 'node:fs'
import { buildOpenApi } from '@gatehouse/server/openapi'

export function openApiText(): string {
  return `${JSON.stringify(buildOpenApi(), null, 2)}\n`
}

if (import.meta.main) writeFileSync(new URL('../docs/openapi.json', import.meta.url), openApiText())
