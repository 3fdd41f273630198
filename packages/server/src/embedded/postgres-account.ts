import { execFile } from 'node:child_process'
import { realpath, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The operating system account that PostgreSQL runs as. */
export type Account = { readonly uid: number; readonly gid: number }

/**
 * Finds the account for PostgreSQL, which refuses to run as root. For root it is an account without rights of its own:
 * the `postgres` of a packaged server, else one that is created here, else `nobody`. Undefined when the caller's own
 * account can be used.
 */
export async function findPostgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  return (await findAccount('postgres')) ?? (await findAccount('gatehouse-postgres')) ?? createAccount()
}

async function createAccount(): Promise<Account> {
  const name = 'gatehouse-postgres'
  const options = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/bin/false',
  ]
  // A minimal system may have no useradd, or a read-only /etc; then `nobody` is used.
  await run('useradd', [...options, name]).catch(() => undefined)
  const account = (await findAccount(name)) ?? (await findAccount('nobody'))
  if (account === undefined)
    throw new Error(
      'PostgreSQL refuses to run as root, and no other account was found for it. Run as an ordinary user, or set DATABASE_URL',
    )
  return account
}

async function findAccount(name: string): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    // `id` fails only when there is no such account.
    return undefined
  }
}

/** Whether the account may enter `path` and every folder above it. */
export async function canEnter(account: Account, path: string): Promise<boolean> {
  for (let folder = await realpath(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (dirname(folder) === folder) return true
  }
}

/** Whether the account can start a program: its folders, its own mode and its libraries must all be accessible. */
export async function canRun(account: Account, program: string): Promise<boolean> {
  return run(program, ['--version'], { ...account, cwd: '/', env: {} }).then(
    () => true,
    () => false,
  )
}
