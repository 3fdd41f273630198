import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, exitCodes, UsageError } from '../command.ts'
import { openRemote, remoteOptions } from '../remote.ts'
import { seriesNames, seriesOptions, toNamed } from '../series-options.ts'

const formats = ['csv', 'ndjson', 'parquet'] as const

export const volatilityExport: Command = {
  name: 'volatility export',
  summary: 'Write every stored bar of a symbol to a file, with what the series said of it',
  description:
    'Closed bars alone, oldest first. A file that is there is kept; a transfer that breaks off leaves none.',
  options: {
    symbol: { type: 'string', placeholder: 'NAME', about: 'Such as btcusdt', required: true },
    out: { type: 'string', placeholder: 'FILE', about: 'Where to write it', required: true },
    ...seriesOptions,
    format: { type: 'string', placeholder: 'NAME', about: 'csv (default), ndjson or parquet' },
    columns: { type: 'string', placeholder: 'NAMES', about: 'Separated by commas; unset: all' },
    from: {
      type: 'string',
      placeholder: 'MS',
      about: 'Bars that open from this time on; unset: 400 days ago',
    },
    to: { type: 'string', placeholder: 'MS', about: 'Bars that open before this time' },
    ...remoteOptions,
    json: { type: 'boolean', about: 'Print JSON' },
  },
  examples: ['gatehouse volatility export --symbol btcusdt --timeframe 1h --out btcusdt-1h.csv'],
  run: async (values, terminal) => {
    const format = formats.find((name) => name === (values['format'] ?? 'csv'))
    if (format === undefined) throw new UsageError(`--format must be ${formats.join(', ')}`)
    const { volatility } = await openRemote(values, terminal, 'volatility')
    const [symbol, file] = [String(values['symbol']), resolve(terminal.folder, String(values['out']))]
    const query = toNamed(values, { ...seriesNames, columns: 'columns', from: 'from_ms', to: 'to_ms' })
    const exported = await volatility.exportHistory(symbol, { ...query, format })
    await writeFile(file, exported.stream(), { flag: 'wx' })
    const { size: bytes } = exported
    terminal.out(
      values['json'] === true
        ? `${JSON.stringify({ symbol, format, file, bytes })}\n`
        : `${symbol} is in ${file} (${bytes} bytes)\n`,
    )
    return exitCodes.done
  },
}
