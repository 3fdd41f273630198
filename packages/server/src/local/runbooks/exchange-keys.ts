import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { assertNoExchangeKey, listExchangeKeys } from '../../assert-no-exchange-key.ts'
import type { Runbook } from './runbook.ts'

/**
 * A runbook for keys that the instance never holds: the server refuses to start with one, so the step verifies that.
 */
export const exchangeKeys: Runbook = {
  title: 'Keys of exchanges, of which none is held',
  steps: [
    {
      id: 'none-is-set',
      kind: 'rotate',
      says: 'No key of an exchange stands in the environment, or in the configuration file',
      run: async ({ env, local }) => {
        const found = [...listExchangeKeys(env)]
        const file = 'gatehouse.config.json'
        if (
          existsSync(file) &&
          /(?:binance|bybit|coinbase|deribit)\w*(?:key|secret|passphrase)/i.test(await readFile(file, 'utf8'))
        )
          found.push(file)
        if (found.length > 0)
          throw new Error(`${found.join(', ')} holds one: revoke it at the exchange, and unset it here`)
        return { feeds: local.config.feeds, held: 0 }
      },
    },
    {
      id: 'start-refuses-one',
      kind: 'check',
      says: 'A server that was given one would not start',
      run: async () => {
        const refused = [
          'BINANCE_API_KEY',
          'BYBIT_API_SECRET',
          'COINBASE_PASSPHRASE',
          'DERIBIT_SECRET',
        ].filter((name) => {
          try {
            assertNoExchangeKey({ [name]: 'anything' })
            return false
          } catch {
            return true
          }
        })
        if (refused.length < 4) throw new Error('A key of an exchange would be taken')
        return { refused }
      },
    },
  ],
}
