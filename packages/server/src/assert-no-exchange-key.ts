type Env = Readonly<Record<string, string | undefined>>

const exchangeKey = /^(?:BINANCE|BYBIT|COINBASE|DERIBIT)_.*(?:KEY|SECRET|PASSPHRASE)/

/** The environment variables that hold a key of an exchange. */
export function listExchangeKeys(env: Env): readonly string[] {
  return Object.keys(env).filter(
    (name) => exchangeKey.test(name) && env[name] !== undefined && env[name] !== '',
  )
}

/**
 * Throws when the environment holds a key of an exchange: all data that is read from the venues is public, so a key
 * would be a risk without a use.
 */
export function assertNoExchangeKey(env: Env): void {
  const [found] = listExchangeKeys(env)
  if (found !== undefined)
    throw new Error(
      `${found} is set: Gatehouse reads public prices and takes no key of an exchange; unset it`,
    )
}
