import type { Claim } from './claim.d.mts'

const always = { 'x-content-type-options': /^nosniff$/i }
const overTls = { ...always, 'strict-transport-security': /max-age=[1-9]/ }

export const claim = {
  id: 'headers.answers-are-hardened',
  control: 'headers',
  sentence: 'Each answer tells browsers not to guess its type, and over TLS to stay with TLS.',
  probe: async (target) => {
    const { headers } = await target.send('/')
    const wanted = Object.entries(target.origin.startsWith('https:') ? overTls : always)
    const missing = wanted.filter(([name, value]) => !value.test(headers.get(name) ?? ''))
    const figures = { wanted: wanted.length, missing: missing.length }
    return missing.length === 0
      ? { verdict: 'holds', figures }
      : { verdict: 'fails', because: `Missing: ${missing.map(([name]) => name).join(', ')}`, figures }
  },
} satisfies Claim
