export {
  readConfig,
  toEnvExample,
  type Config,
  type ConfigSources,
  type Origin,
  type Setting,
  type Settings,
} from './read-config.ts'
