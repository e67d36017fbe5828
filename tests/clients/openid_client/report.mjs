// What a flow demands, and how a failure is told.

export function check(condition, message) {
  if (!condition) throw new Error(message)
}

/** Runs an action that must fail, and returns its error. */
export async function failure(action) {
  const error = await action().then(() => undefined, (error) => error)
  check(error, 'not refused')
  return error
}
