import type { Settings } from '@gatehouse/kernel/config'
import { z } from 'zod'
import { filePath } from './setting-shapes.ts'

/** The settings of how weaknesses of the instance are reported to its operator. */
export const disclosureSettings = {
  securityContact: {
    variable: 'GATEHOUSE_SECURITY_CONTACT',
    schema: z
      .string()
      .regex(/^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/)
      .optional(),
    about: 'Where /.well-known/security.txt asks for reports of weaknesses in this instance',
    shape: 'a URL that starts with mailto: or https://',
    example: 'mailto:security@example.com',
    unset: 'security@ at the host of GATEHOUSE_PUBLIC_URL',
  },
  reportPgpKey: {
    variable: 'GATEHOUSE_REPORT_PGP_KEY',
    schema: filePath.optional(),
    about:
      'The file of your OpenPGP public key (armoured): reports of weaknesses are mailed to you encrypted to it, and reporters can fetch it',
    shape: 'the path of a file',
    example: '/etc/gatehouse/security-public.asc',
    unset: 'mails say that a report came, which is read in the dashboard',
  },
  securityTextPgpKey: {
    variable: 'GATEHOUSE_SECURITY_TEXT_PGP_KEY',
    schema: filePath.optional(),
    about:
      'The file of an OpenPGP private key (armoured, without a passphrase) that signs /.well-known/security.txt',
    shape: 'the path of a file',
    example: '/etc/gatehouse/security-text.asc',
    unset: 'it is served unsigned',
  },
} as const satisfies Settings
