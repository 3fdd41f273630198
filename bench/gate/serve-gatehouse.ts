import { serveMeasured } from '../served-process.ts'
import { startGatehouse } from './gatehouse-server.ts'

await serveMeasured(startGatehouse)
