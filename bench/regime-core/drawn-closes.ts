import { mulberry32 } from '../../packages/server/src/services/volatility/domain/mulberry32.ts'

/** What the five parts of the data are like. */
const kinds = ['normal', 'spiky', 'flat', 'tick-sized', 'offset'] as const

/** Closes in five parts of one length: usual steps, rare leaps, long stands, steps of one tick, and tiny steps far from 0. */
export function drawCloses(bars: number, seed: number): Float64Array {
  const draw = mulberry32(seed)
  const closes = new Float64Array(bars)
  const part = Math.ceil(bars / kinds.length)
  let close = 100
  for (let bar = 0; bar < bars; bar += 1) {
    const step = draw() + draw() + draw() - 1.5
    switch (kinds[Math.floor(bar / part)] ?? 'normal') {
      case 'spiky':
        close *= 1 + step * 0.001 + (draw() < 0.0005 ? (draw() - 0.5) * 0.6 : 0)
        break
      case 'flat':
        if (bar % 1_000 > 600) close *= 1 + step * 0.001
        break
      case 'tick-sized':
        close = Math.max(1, Math.round(close * 100) / 100 + Math.round(step) * 0.01)
        break
      case 'offset':
        close = 1e6 + step * 1e-3
        break
      case 'normal':
        close *= 1 + step * 0.001
    }
    // A walk of millions of steps goes anywhere; nobody trades there.
    if (close > 1e7 || close < 1e-3) close = 100
    closes[bar] = close
  }
  return closes
}
