import { parentPort } from 'node:worker_threads'
import { calibrate, type CalibrationInput, type CalibrationReport } from './calibrate.ts'

export type AsideRequest = { readonly input: CalibrationInput; readonly workers: number }
export type AsideReply =
  | { readonly done: true; readonly report: CalibrationReport }
  | { readonly done: false; readonly error: unknown }

parentPort?.on('message', ({ input, workers }: AsideRequest) => {
  const reply = (one: AsideReply): void => parentPort?.postMessage(one)
  calibrate(input, { workers }).then(
    (report) => reply({ done: true, report }),
    (error: unknown) => reply({ done: false, error }),
  )
})
