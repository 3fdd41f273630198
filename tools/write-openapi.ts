import { writeFile } from 'node:fs/promises'
import { buildOpenApi } from '@gatehouse/server/openapi'

const text = `${JSON.stringify(buildOpenApi(), null, 2)}\n`

if (process.argv.includes('--print')) process.stdout.write(text)
else await writeFile(new URL('../docs/openapi.json', import.meta.url), text)
