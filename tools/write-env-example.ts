import { writeFileSync } from 'node:fs'
import { toEnvExample } from '@gatehouse/kernel/config'
import { settings } from '../packages/server/src/config.ts'

const introduction = `# Settings of Gatehouse; every one is optional. It reads its environment and, for what is not there,
# gatehouse.config.json in the current folder. This file is for docker --env-file, for EnvironmentFile of systemd, or for
# a shell.
`

/** What `.env.example` has to say. */
export function envExample(): string {
  return `${introduction}\n${toEnvExample(settings)}`
}

if (import.meta.main) writeFileSync(new URL('../.env.example', import.meta.url), envExample())
