import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Most of the start-up time is compilation, so its result is cached: beside the installed modules, where only users who
// could change the modules can write. The cache has to be enabled before the modules are loaded.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))

await import('./start.ts')
