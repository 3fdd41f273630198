import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import type { PostureResult, PostureWish } from '@gatehouse/server/local'
import { type Command, exitCodes, type Terminal, UsageError, type Values } from '../command.ts'
import { writeJunit } from '../write-junit.ts'

export const postureVerify: Command = {
  name: 'posture verify',
  summary: 'Try to prove the claims of the security page false',
  description:
    'Without --target the server that runs on this machine probes itself, from outside and from inside. With it, any deployment\n' +
    'is probed over the network alone; what needs more than it is given is unknown. Lend it two test organisations, in\n' +
    'GATEHOUSE_PROBE_ORGS or on standard input: keys by service, and an owner who logs in with a password alone:\n' +
    '[{"uptime": "mk_…", "oversight": "ck_…", "volatility": "ak_…", "owner": {"email": "…", "password": "…"}}, {…}]\n' +
    '(docs/guides/probe-from-outside.md). Limits of the target are waited out, some five minutes in all. With --claims,\n' +
    'claims of your own are tried on any API: the modules of that folder are run. Exit code 0 exactly if nothing fails.',
  options: {
    target: { type: 'string', placeholder: 'URL', about: 'The deployment to probe from outside' },
    'keys-from-input': {
      type: 'boolean',
      about: 'With --target: read test organisations from standard input',
    },
    claims: {
      type: 'string',
      placeholder: 'FOLDER',
      about: 'With --target: your own claims, as gatehouse posture init begins them',
    },
    only: { type: 'string', placeholder: 'ID', about: 'Probe this claim alone' },
    json: { type: 'boolean', about: 'Print JSON' },
    junit: { type: 'string', placeholder: 'FILE', about: 'Write JUnit XML for a CI' },
  },
  examples: [
    'gatehouse posture verify',
    'gatehouse posture verify --target https://gatehouse.example.com --json',
    'gatehouse posture verify --claims claims --target https://api.example.com --junit claims.xml',
    'gatehouse posture verify --only tenancy.row-security-is-forced --junit posture.xml',
  ],
  run: async (values, terminal) => {
    const { folder, out, progress, interruption } = terminal
    const wish = {
      only: values['only'] === undefined ? undefined : String(values['only']),
      signal: interruption(),
      onProgress: (done: number, total: number, now: string | null) => {
        if (now !== null) progress(`${done} of ${total}  ${now}\n`)
      },
    }
    const results = await findResults(values, terminal, wish)
    if (values['json'] === true) out(`${JSON.stringify({ results })}\n`)
    else for (const result of results) out(toLine(result))
    if (values['junit'] !== undefined)
      await writeFile(resolve(folder, String(values['junit'])), writeJunit(results))
    annotate(results, terminal)
    if (results.some(({ because }) => because?.startsWith('This probe needs ')))
      terminal.note(
        'Lend two test organisations to have more decided: docs/guides/probe-from-outside.md says how\n',
      )
    return results.some(({ verdict }) => verdict === 'fails') ? exitCodes.failed : exitCodes.done
  },
}

async function findResults(
  values: Values,
  terminal: Terminal,
  wish: PostureWish,
): Promise<readonly PostureResult[]> {
  const { env, folder, progress } = terminal
  const [claims, target] = [values['claims'], values['target']]
  if (claims !== undefined && target === undefined) throw new UsageError('--claims needs --target')
  if (claims !== undefined && values['keys-from-input'] === true)
    throw new UsageError('--keys-from-input is not for --claims, whose probes read what they need')
  const { verifyOwnClaims, verifyPosture, verifyTarget, withLocalInstance } =
    await import('@gatehouse/server/local')
  if (target === undefined)
    return withLocalInstance({ env, folder, progress }, (local) => verifyPosture(local, wish))
  if (claims !== undefined) return verifyOwnClaims(resolve(folder, String(claims)), String(target), wish)
  return verifyTarget(String(target), await readOrgs(values['keys-from-input'] === true, terminal), wish)
}

/** A command line is visible to every user of the machine, so keys are read from the environment or standard input. */
async function readOrgs(fromInput: boolean, { env, input }: Terminal): Promise<string | undefined> {
  return fromInput ? text(input) : env['GATEHOUSE_PROBE_ORGS']
}

function toLine({ claim, verdict, because, figures }: PostureResult): string {
  const seen = Object.entries(figures).map(([name, value]) => `${name} ${value}`)
  return `${[verdict, claim, [because ?? '', ...seen].filter((part) => part !== '').join(', ')].join('\t')}\n`
}

/** Prints the results as annotations, which GitHub Actions shows beside the run. */
function annotate(results: readonly PostureResult[], { env, note }: Terminal): void {
  const count = (of: PostureResult['verdict']): number =>
    results.filter(({ verdict }) => verdict === of).length
  if (env['GITHUB_ACTIONS'] === 'true')
    for (const { claim, verdict, because } of results)
      if (verdict !== 'holds')
        note(
          `::${verdict === 'fails' ? 'error' : 'warning'} title=${claim}::${toAnnotation(because ?? '')}\n`,
        )
  note(`${count('holds')} hold, ${count('fails')} fail, ${count('unknown')} unknown\n`)
}

function toAnnotation(message: string): string {
  return message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
