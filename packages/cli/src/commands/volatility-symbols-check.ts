import { resolve } from 'node:path'
import { type Command, exitCodes } from '../command.ts'

export const volatilitySymbolsCheck: Command = {
  name: 'volatility symbols check',
  summary: 'Try a file of added symbols (GATEHOUSE_SYMBOLS) without starting the server',
  description:
    'Says for each product whether its venue lists it. A fault of the file, a name that is taken, or a product that a venue\n' +
    'does not list ends with exit code 1 and names the file, the place in it, what stands there, and the nearest products.\n' +
    'A venue that does not answer is told as unverified: a server would start, and ask again.',
  options: {
    file: { type: 'string', placeholder: 'PATH', about: 'The JSON file', required: true },
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: ['gatehouse volatility symbols check --file symbols.json'],
  run: async (values, { env, folder, out }) => {
    const { checkSymbols } = await import('@gatehouse/server/local')
    const checked = await checkSymbols({ env, folder }, resolve(folder, String(values['file'])))
    if (values['json'] === true) out(`${JSON.stringify(checked)}\n`)
    else
      for (const { symbol, venue, product, status } of checked)
        out(`${symbol} ${venue} ${product}: ${status}\n`)
    return exitCodes.done
  },
}
