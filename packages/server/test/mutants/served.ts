import { RawReply } from '@gatehouse/kernel/endpoint'
import { changingHandler, type Mutant, readText } from './mutant.ts'

const page = '<!doctype html><title>Nothing</title><p>There is nothing to say.</p>'

/** What is served, and how. */
export const servedMutants: readonly Mutant[] = [
  {
    claim: 'headers.every-answer-is-hardened',
    group: 'limitless',
    weakened: {
      securityHeaders: {
        'access-control-allow-origin': 'https://other.example',
        'content-security-policy': 'default-src *',
      },
    },
  },
  { claim: 'headers.origins-of-an-organisation', group: 'limitless' },
  { claim: 'headers.preflights-have-a-list', group: 'limitless' },
  {
    claim: 'disclosure.security-text',
    group: 'limitless',
    weakened: changingHandler<unknown, RawReply>('readSecurityText', async ({ caller, input, handle }) => {
      const text = await handle(caller, input)
      return new RawReply(readText(text).replace(/^Expires: .*$/m, 'Expires: 2026-01-01T00:00:00.000Z'))
    }),
  },
  {
    claim: 'disclosure.scope',
    group: 'limitless',
    weakened: changingHandler('readSecurityPolicy', () => new RawReply(page)),
  },
  { claim: 'disclosure.what-a-report-holds', group: 'limitless' },
  { claim: 'disclosure.policy-is-dated', group: 'limitless' },
  { claim: 'disclosure.safe-harbour', group: 'limitless' },
  {
    claim: 'disclosure.page-is-dated',
    group: 'limitless',
    weakened: changingHandler<unknown, RawReply>(
      'readSecurityPage',
      async ({ caller, input, handle }) =>
        new RawReply(readText(await handle(caller, input)).replaceAll(/\d{4}-\d\d-\d\d/g, 'some day')),
    ),
  },
  {
    claim: 'disclosure.thanks',
    group: 'limitless',
    weakened: changingHandler('readHallOfFame', () => new RawReply(page)),
  },
  {
    claim: 'supply-chain.no-billing-key-is-served',
    group: 'limitless',
    weakened: changingHandler<unknown, RawReply>(
      'readDocumentationStyle',
      async ({ caller, input, handle }) => {
        const style = await handle(caller, input)
        return new RawReply(`${readText(style)}/* pdl_live_${'0'.repeat(20)} */`, style.headers)
      },
    ),
  },
]
