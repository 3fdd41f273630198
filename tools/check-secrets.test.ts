import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scanForSecrets } from './check-secrets.ts'

const root = join(import.meta.dirname, '..')
// Where Go puts what it installs, beside where everything else is.
const path = [process.env['PATH'] ?? '', join(homedir(), 'go/bin')].join(delimiter)
const program = 'gitleaks'
const isThere = spawnSync(program, ['version'], { env: { ...process.env, PATH: path } }).error === undefined
if (!isThere)
  process.stderr.write(
    'gitleaks is not installed: that a planted secret is found was NOT tried on this machine\n',
  )

const from = (alphabet: string, length: number): string =>
  Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('')
const letters = 'ABCDEFGHJKMNPQRSTVWXYZ'

/** Made anew each time, so that the scan of this repository has nothing to find. */
const planted: readonly [what: string, text: string][] = [
  ['a key of the uptime service', `const made = 'mk_${randomBytes(32).toString('hex')}'`],
  ['a key of the oversight service', `const made = 'ck_live_${from(`0123456789${letters}`, 26)}'`],
  ['a secret that signs webhooks', `const made = 'whsec_${randomBytes(32).toString('base64')}'`],
  ['a token of GitHub', `const made = 'ghp_${from(`0123456789${letters}${letters.toLowerCase()}`, 36)}'`],
]

describe.skipIf(!isThere)('secrets', () => {
  let folder: string
  const git = (...args: readonly string[]) =>
    spawnSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PATH: path },
    })

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-leaks-'))
    git('init', '--quiet')
    cpSync(join(root, '.gitleaks.toml'), join(folder, '.gitleaks.toml'))
    git('config', 'core.hooksPath', join(root, 'tools/hooks'))
    git('add', '.')
    git('commit', '--quiet', '--message', 'Begin')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(planted)(
    'a-planted-secret-is-found before it is committed, and in the history ever after: %s',
    (_what, text) => {
      writeFileSync(join(folder, 'settings.ts'), `${text}\n`)
      git('add', '.')
      const refused = git('commit', '--message', 'Plant')
      expect(refused.status).toBe(1)
      expect(`${refused.stdout}${refused.stderr}`).not.toContain(text.slice(-20, -4))
      expect(git('commit', '--quiet', '--no-verify', '--message', 'Plant').status).toBe(0)
      writeFileSync(join(folder, 'settings.ts'), 'export {}\n')
      git('add', '.')
      expect(git('commit', '--quiet', '--message', 'Take it out').status).toBe(0)
      const found = spawnSync('which', [program], {
        env: { ...process.env, PATH: path },
        encoding: 'utf8',
      })
      const scan = scanForSecrets(folder, 'history', found.stdout.trim())
      expect(scan?.leaks.map(({ File }) => File)).toContain('settings.ts')
      const recent = scanForSecrets(folder, 'recent', found.stdout.trim())
      expect(recent?.leaks.map(({ File }) => File)).toContain('settings.ts')
      git('reset', '--quiet', '--hard', 'HEAD~2')
    },
  )

  it('what is no secret is committed', () => {
    writeFileSync(join(folder, 'settings.ts'), "export const keyOf = 'mk_…'\n")
    git('add', '.')
    expect(git('commit', '--quiet', '--message', 'Go on').status).toBe(0)
  })
})
