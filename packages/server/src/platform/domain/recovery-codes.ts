/** Crockford's base 32, which omits letters that look like digits or other letters. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Formats ten bytes as a code to write down, `XXXX-XXXX-XXXX-XXXX`: 80 bits, enough for an unsalted digest. */
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

/** Normalizes a typed code: letters that are easily taken for digits are read as those digits. */
export function toPlainCode(code: string): string {
  return code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}
