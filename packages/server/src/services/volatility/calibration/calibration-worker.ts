import { parentPort } from 'node:worker_threads'
import { type CalibrationTask, runCalibrationTask } from './calibration-task.ts'

export type CalibrationRequest = { readonly id: number; readonly task: CalibrationTask }
export type CalibrationReply = { readonly id: number }

parentPort?.on('message', ({ id, task }: CalibrationRequest) => {
  runCalibrationTask(task)
  parentPort?.postMessage({ id } satisfies CalibrationReply)
})
