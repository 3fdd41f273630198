import type { Settings } from '@gatehouse/kernel/config'
import { z } from 'zod'
import { filePath } from './setting-shapes.ts'

/** The settings of the security page and its probes. */
export const postureSettings = {
  probes: {
    variable: 'GATEHOUSE_PROBES',
    schema: z.enum(['on', 'off']).default('on'),
    about: 'Whether the claims of the security page are probed by themselves, as often as each of them says',
    shape: 'on or off',
    example: 'off',
    unset: 'on',
  },
  deviations: {
    variable: 'GATEHOUSE_DEVIATIONS',
    schema: filePath.optional(),
    about:
      'A JSON file that says, by the name of a setting that weakens a control, why it is so, who answers for it and until when',
    shape: 'the path of a file',
    example: '/etc/gatehouse/deviations.json',
    unset: 'the security page says that no reason is given',
  },
} as const satisfies Settings
