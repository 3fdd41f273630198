import { alias, type LocalDns, record, soa, startLocalDns, textRecord } from './local-dns.ts'

/** What is known of one name; `silent` is a name server that never answers. */
export type DomainRecords =
  | { readonly alias?: string; readonly address?: string; readonly texts?: readonly string[] }
  | 'silent'
  | 'failing'

export type LocalNames = LocalDns & { readonly names: Map<string, DomainRecords> }

/** A real name server on a loopback port, whose names a test sets and changes. */
export async function startLocalNames(): Promise<LocalNames> {
  const names = new Map<string, DomainRecords>()
  const server = await startLocalDns(({ hostname, type }) => {
    const known = names.get(hostname.toLowerCase())
    if (known === 'silent') return []
    if (known === 'failing') return [{ code: 'SERVFAIL' }]
    if (known === undefined) return [{ code: 'NXDOMAIN', authorities: [soa(0)] }]
    const { alias: target, address, texts = [] } = known
    const answers =
      target !== undefined
        ? [alias(hostname, target)]
        : type === 'A' && address !== undefined
          ? [record(hostname, address)]
          : type === 'TXT'
            ? texts.map((text) => textRecord(hostname, text))
            : []
    return [{ answers, authorities: [soa(0)] }]
  })
  return { ...server, names }
}
