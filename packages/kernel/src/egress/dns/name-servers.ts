import { Resolver } from 'node:dns'
import { isIP } from 'node:net'

export type NameServer = { readonly address: string; readonly port: number }

/**
 * Reads `192.0.2.53, 192.0.2.54:5353, 2001:db8::53, [2001:db8::53]:5353`: comma-separated, with port 53 as the default.
 * Throws an error that names the entry it cannot accept.
 */
export function parseNameServers(text: string): readonly NameServer[] {
  if (text.trim() === '') return []
  return text.split(',').map((entry) => parseNameServer(entry.trim()))
}

/** The name servers that the machine is configured with, read at every call. */
export function readMachineNameServers(): readonly NameServer[] {
  return new Resolver().getServers().map(parseNameServer)
}

function parseNameServer(text: string): NameServer {
  const [address, portText] = splitPort(text)
  const port = Number(portText)
  // Node.js accepts the zone of a link-local address, as in fe80::1%eth0.
  if (isIP(address) === 0) {
    throw new Error(
      `"${text}" is not a name server; write an address such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353.`,
    )
  }
  if (port < 1 || port > 65_535) throw new Error(`The name server "${text}" has a port outside 1 to 65535.`)
  return { address, port }
}

function splitPort(text: string): readonly [address: string, portText: string] {
  const [, bracketed, dotted, port = defaultPort] =
    /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  return [bracketed ?? dotted ?? text, port]
}

const defaultPort = '53'
