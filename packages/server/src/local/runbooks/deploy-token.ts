import { Secret } from '@gatehouse/kernel/secrets'
import { askElsewhere } from './ask-elsewhere.ts'
import { type Runbook, type RunbookContext, Unproven } from './runbook.ts'
import { heldSecret } from './swap-setting.ts'

export const deployToken: Runbook = {
  title: "The host's deploy token, and the secret of the CI that holds it",
  steps: [
    {
      id: 'revoke',
      kind: 'rotate',
      says: 'Make a new token at the host, give it to the CI, and revoke the old one',
      needsPerson: true,
      run: async (context) => {
        await context.person.does('revoke', [
          'Fly.io: fly tokens list; fly tokens create deploy --expiry 720h; fly tokens revoke ID-OF-THE-OLD-ONE',
          'Fly.io with GitHub Actions: fly tokens create deploy | gh secret set FLY_API_TOKEN',
          'Any other CI: make the token at the host, put it into the secret of the pipeline (gh secret set NAME, glab variable update NAME, …), then revoke the old one at the host.',
        ])
        return { told: 'done by a person' }
      },
    },
    {
      id: 'tokens-are-tried',
      kind: 'check',
      says: 'The old token is refused by the host, and the new one is taken, where --token-url says what to ask',
      needsPerson: true,
      run: async (context) => {
        const { tokenUrl } = context.options
        if (tokenUrl === undefined)
          return new Unproven('without --token-url nothing was asked of the host with either token')
        const about = ['It is tried against the host once, and kept nowhere.']
        context.held.set(
          'before',
          new Secret(await context.person.tells('tokens-are-tried', 'The old token', about)),
        )
        context.held.set(
          'now',
          new Secret(await context.person.tells('tokens-are-tried', 'The new token', about)),
        )
        const old = await statusOf(context, tokenUrl, 'before')
        const now = await statusOf(context, tokenUrl, 'now')
        if (old < 400) throw new Error(`The host still takes the old token (${old}): revoke it`)
        if (now >= 300) throw new Error(`The host does not take the new token (${now})`)
        return { old, new: now }
      },
    },
    {
      id: 'ci-runs-again',
      kind: 'check',
      says: 'The pipeline runs again with the new token',
      needsPerson: true,
      run: async (context) => {
        const run = await context.person.tells('ci-runs-again', 'The number or address of that run', [
          'Start the pipeline again (gh workflow run deploy.yml; gh run watch) and wait until it has deployed.',
        ])
        if (!/^[\w:/.#?=&%-]{1,300}$/.test(run))
          throw new Error('That is neither the number nor the address of a run')
        return { run }
      },
    },
    {
      id: 'deployments',
      kind: 'investigate',
      says: 'What was deployed since the exposure',
      run: async ({ options: { sinceMs } }) => ({
        since: new Date(sinceMs).toISOString(),
        told: 'fly releases, or the list of deployments of your host: each since then must be one of yours. Whoever deployed could read every setting: then run the runbooks of those secrets too',
      }),
    },
  ],
}

async function statusOf(context: RunbookContext, url: string, name: string): Promise<number> {
  const authorization = `Bearer ${heldSecret(context, name).reveal()}`
  return (await askElsewhere(context, url, { authorization })).status
}
