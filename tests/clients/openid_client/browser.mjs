// The browser of the user.
import { check } from './report.mjs'

/** Signs bob in as a browser would, and returns the address to which the server leads the browser. */
export async function signIn(issuer, url) {
  const form = await (await fetch(url)).text()
  const ticket = /name="ticket" value="([^"]+)"/.exec(form)?.[1]
  check(ticket, `no sign-in page: ${form}`)
  const body = new URLSearchParams({ ticket, subject: 'bob' })
  const answer = await fetch(`${issuer}/consent`, { method: 'POST', body, redirect: 'manual' })
  return new URL(answer.headers.get('location'))
}
