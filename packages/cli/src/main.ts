import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Most of a start is compiling, so what came of it is kept: with the installed modules, where only whoever may change
// those can write. It has to be on before the modules are loaded.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))

await import('./start.ts')
