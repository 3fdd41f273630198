import type { Benchmark } from '../figure.ts'
export const start: Benchmark = async () => []
