import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toPage } from './seams/to-page.ts'

const file = join(import.meta.dirname, '..', 'docs', 'trust', 'seams.md')

writeFileSync(file, toPage())
