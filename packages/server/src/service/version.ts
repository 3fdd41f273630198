/** The version of the instance and its API. */
export const version = '0.1.0'
