/** Crockford's base 32: no letter that looks like a digit or another letter. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Ten bytes as a code to write down, `XXXX-XXXX-XXXX-XXXX`: 80 bits, so that a plain digest of it is enough. */
export function toRecoveryCode(bytes: Uint8Array): string {
  if (bytes.length !== 10) throw new Error('A recovery code is ten bytes')
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let code = ''
  for (let n = 0; n < 16; n += 1) {
    code = (alphabet[Number(rest & 31n)] ?? '') + code
    rest >>= 5n
  }
  return code.replaceAll(/(.{4})(?=.)/g, '$1-')
}

/** As it was typed, with the letters that people take for digits read as those. */
export function toPlainCode(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}
