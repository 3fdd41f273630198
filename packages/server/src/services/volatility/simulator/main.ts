import { builtInSymbols } from '../domain/symbols.ts'
import { scaledTimeline } from './scaled-timeline.ts'
import { startSimulator } from './start-simulator.ts'

/**
 * A separate process, so that the service cannot depend on it: prints where its venues are, and ends with its parent.
 */
const [seed = '1', scale = '1', ...symbols] = process.argv.slice(2)
const { hosts, deribit } = await startSimulator({
  symbols: symbols.length > 0 ? symbols : builtInSymbols.map(({ symbol }) => symbol),
  seed: Number(seed),
  clock: scaledTimeline(Number(scale)),
})
process.stdout.write(`${JSON.stringify({ hosts, deribit })}\n`)
process.stdin.resume()
process.stdin.once('end', () => process.exit(0))
