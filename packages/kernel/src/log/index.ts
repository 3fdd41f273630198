export { createLogger, toErrorFields, type LogFields, type Logger, type LogLevel } from './create-logger.ts'
