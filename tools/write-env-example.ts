import { readFileSync, writeFileSync } from 'node:fs'
import { toEnvExample } from '@gatehouse/kernel/config'
import { settings } from '../packages/server/src/config.ts'

const path = new URL('../.env.example', import.meta.url)

const introduction = `# Settings of Gatehouse; every one is optional. It reads its environment and, for what is not there, gatehouse.config.json
# in the current folder. This file is for docker --env-file, for EnvironmentFile of systemd, or for a shell.
`

/** What `.env.example` has to say. */
export function envExample(): string {
  return `${introduction}\n${toEnvExample(settings)}`
}

/** True when the file in the repository says it. */
export function isEnvExampleCurrent(): boolean {
  return readFileSync(path, 'utf8') === envExample()
}

if (import.meta.main) writeFileSync(path, envExample())
