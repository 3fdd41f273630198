import type { Service } from './service/define-service.ts'
import { oversight } from './services/oversight/index.ts'
import { uptime } from './services/uptime/index.ts'
import { volatility } from './services/volatility/index.ts'

/** Every service of the instance. Whatever needs “each service” loops over this list. */
export const services: readonly Service[] = [uptime, oversight, volatility]
